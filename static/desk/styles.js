/* Wagtail's editors write style sheets into the page, which our content security policy refuses: they lost the marks of
   nested lists and the hint in an empty text. What they write is applied as a sheet made by script instead; the policy
   stays as it is, and a style element that comes as HTML is refused as before. Stands before Wagtail's scripts run. */
(() => {
  if (!("adoptedStyleSheets" in document)) return;

  class Sheet extends HTMLElement {
    connectedCallback() {
      this.sheet ||= new CSSStyleSheet();
      this.watch ||= new MutationObserver(() => this.apply());
      this.watch.observe(this, { childList: true, characterData: true, subtree: true });
      this.apply();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    }

    disconnectedCallback() {
      this.watch.disconnect();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== this.sheet);
    }

    apply() {
      this.sheet.replaceSync(this.textContent);
    }
  }

  customElements.define("as-sheet", Sheet);
  const make = document.createElement;
  document.createElement = function createElement(name, ...rest) {
    if (String(name).toLowerCase() !== "style") return make.call(this, name, ...rest);
    const element = make.call(this, "as-sheet");
    element.hidden = true;
    return element;
  };
})();
