(function () {
  if (window.buurtwaardeLeaving) return;
  window.buurtwaardeLeaving = true;
  // What the server knows to be unsaved stands in the page as an empty box; what is typed in a form, only the browser knows.
  const unsaved = '[class*="st-key-unsaved_"]';
  const button = '[data-testid="stFormSubmitButton"]';
  const fields = '[data-testid="stTextInput"], [data-testid="stTextArea"], [data-testid="stNumberInput"]';
  const typedIn = new Set();
  let began = null;
  const formOf = (element) => element.closest('[data-testid="stForm"]');
  const begin = (element) => { began = element.closest(fields) ? { element: element, value: element.value } : null; };
  document.addEventListener("focusin", (event) => begin(event.target));
  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (form) typedIn.add(form);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest(button)) typedIn.delete(formOf(event.target));
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest(fields)) return;
    // Enter sends the field, and with it its form.
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey) {
      typedIn.delete(formOf(event.target));
      begin(event.target);
    }
  }, true);
  window.addEventListener("beforeunload", (event) => {
    const typing = began && began.element === document.activeElement && began.element.value !== began.value;
    const waiting = [...typedIn].some((form) => form.isConnected);
    if (!typing && !waiting && !document.querySelector(unsaved)) return;
    event.preventDefault();
    event.returnValue = true;
  });
})();
