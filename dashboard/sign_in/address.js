// Remember, for a few minutes, which page the visitor wanted: sign-in itself leads back to the first page only.
(function () {
  const asked = new URL(window.location.href);
  asked.searchParams.delete("aanmelden");
  document.cookie = "buurtwaarde_adres=" + encodeURIComponent(asked.pathname + asked.search)
    + "; Path=/; Max-Age=900; SameSite=Lax";
})();
