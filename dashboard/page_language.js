(function (language) {
  // Streamlit's own texts, which have no setting. Only what a user of this app can meet.
  const words = {
    "Upload": "Bestand kiezen",
    "Upload file": "Bestand kiezen",
    "Browse files": "Bestand kiezen",
    "Add files": "Bestand kiezen",
    "add icon": "toevoegen",
    "Drag and drop file here": "Sleep een bestand hierheen",
    "Main menu": "Menu van het scherm",
    "Clear all": "Alles wissen",
    "Clear value": "Waarde wissen",
    "Clear": "Wissen",
    "Open": "Openen",
    "Close": "Sluiten",
    "Close sidebar": "Menu sluiten",
    "Open sidebar": "Menu openen",
    "Collapse sidebar": "Menu sluiten",
    "Expand sidebar": "Menu openen",
    "Search": "Zoeken",
    "Fullscreen": "Volledig scherm",
    "Close fullscreen": "Volledig scherm sluiten",
    "Exit fullscreen": "Volledig scherm sluiten",
    "Download as CSV": "Downloaden als CSV",
    "Show/hide columns": "Kolommen tonen of verbergen",
    "Add row": "Rij toevoegen",
    "Delete row(s)": "Rijen verwijderen",
    "Clear selection": "Selectie wissen",
    "Skip to main content": "Naar de inhoud",
    "Skip to content": "Naar de inhoud",
    "Stop": "Stoppen",
    "Rerun": "Opnieuw",
    "Running...": "Bezig…",
    "Choose an option": "Maak een keuze",
    "Choose options": "Maak een keuze",
    "No results": "Niets gevonden",
    "Copy to clipboard": "Kopiëren",
    "Connection error": "Verbinding verbroken",
    "Help": "Uitleg",
    "Error:": "Fout:",
    "App pages": "Pagina's",
  };
  const patterns = [
    [/^Limit (\d+)\s?MB per file(.*)$/, "Hoogstens $1 MB per bestand$2"],
    [/^(?:Error: )?File must be (\d+)(?:\.\d+)?\s?MB or smaller\.?$/, "Dit bestand is te groot. Het mag hoogstens $1 MB zijn."],
    [/^(?:Error: )?(?:File type must be|.*files are not allowed).*$/, "Dit soort bestand past hier niet."],
    [/^Remove (.*)$/, "$1 weghalen"],
    [/^(\d+) more$/, "nog $1"],
    [/^Help for (.*)$/, "Uitleg bij $1"],
    [/^More information about (.*)$/, "Meer over $1"],
  ];
  // What Streamlit says to programmers, or writes without a space, in words for people: in English too.
  const explained = [
    [/^(\d+(?:\.\d+)?)\s?MB per file(.*)$/, {
      nl: "Hoogstens $1 MB per bestand$2", en: "At most $1 MB per file$2" }],
    [/^AxiosError: Request failed with status code (\d+)$/, {
      nl: "De server nam het bestand niet aan ($1). Wat open was, is nog open. Kies het bestand opnieuw.",
      en: "The server did not take the file ($1). What was open is still open. Choose the file again." }],
    [/^AxiosError: .*$/, {
      nl: "De verbinding viel weg. Wat open was, is nog open. Kies het bestand opnieuw.",
      en: "The connection was lost. What was open is still open. Choose the file again." }],
  ];
  const attributes = ["aria-label", "title", "placeholder"];
  const withAttribute = attributes.map((attribute) => "[" + attribute + "]").join(", ");
  const put = (text) => {
    const key = text.trim();
    const within = (said) => text.replace(key, () => said);
    if (words[key]) return { nl: within(words[key]), en: text };
    for (const [pattern, nl] of patterns) if (pattern.test(key)) return { nl: within(key.replace(pattern, nl)), en: text };
    for (const [pattern, said] of explained)
      if (pattern.test(key)) return { nl: within(key.replace(pattern, said.nl)), en: within(key.replace(pattern, said.en)) };
    return null;
  };
  const page = (window.buurtwaarde = window.buurtwaarde || { originals: new WeakMap() });
  page.language = language;
  document.documentElement.lang = language;

  // Each place keeps its own text, so that switching back is exact.
  const say = (owner, slot, current, write) => {
    const kept = page.originals.get(owner) || {};
    const own = kept[slot] && kept[slot].said === current ? kept[slot].own : current;
    const inWords = put(own);
    if (!inWords) return;
    const wanted = inWords[page.language];
    kept[slot] = { own: own, said: wanted };
    page.originals.set(owner, kept);
    if (wanted !== current) write(wanted);
  };
  const places = '[data-testid="stFileUploader"], [data-testid="stHeader"], [data-testid="stToolbar"], ' +
    '[data-testid="stSidebar"], [data-testid="stSelectbox"], [data-testid="stMultiSelect"], [role="listbox"], ' +
    '[data-testid="stDataFrame"], [data-testid="stStatusWidget"], [data-testid="stDialog"], body > a, .stApp > a';
  const sayText = (node) => say(node, "text", node.nodeValue, (text) => { node.nodeValue = text; });
  const sayAttributes = (element) => {
    for (const attribute of attributes)
      if (element.hasAttribute(attribute))
        say(element, attribute, element.getAttribute(attribute), (text) => element.setAttribute(attribute, text));
  };
  const sayTexts = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) sayText(node);
  };
  const sayAll = (element) => {
    sayAttributes(element);
    element.querySelectorAll(withAttribute).forEach(sayAttributes);
    if (element.closest(places)) sayTexts(element);
    else element.querySelectorAll(places).forEach(sayTexts);
  };
  page.translate = () => sayAll(document.body);
  // The browser calls this before it paints, so no English word is ever seen.
  page.changed = (records) => {
    for (const record of records) {
      if (record.type === "attributes") sayAttributes(record.target);
      else if (record.type === "characterData") {
        if (record.target.parentElement && record.target.parentElement.closest(places)) sayText(record.target);
      } else
        for (const node of record.addedNodes)
          if (node instanceof HTMLElement) sayAll(node);
          else if (node.nodeType === Node.TEXT_NODE && record.target.closest && record.target.closest(places)) sayText(node);
    }
  };
  if (!page.observer) {
    page.observer = new MutationObserver((records) => page.changed(records));
    page.observer.observe(document.body, { childList: true, subtree: true, characterData: true,
      attributes: true, attributeFilter: attributes });
  }
  page.translate();
})
