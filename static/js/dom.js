// Small things every page script needs: words of the page, an icon, an element.
const SVG = "http://www.w3.org/2000/svg";

/** Returns the sentences the server sent along; {braces} are filled from `values`. */
export function speaker() {
  const words = JSON.parse(document.getElementById("texts").textContent);
  return (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Returns an icon whose symbol stands in the page. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `#i-${name}`);
  return svg;
}

/** Returns an element with attributes and children; `class` and `data-…` are attributes, functions are listeners. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const megabytes = (bytes) => (bytes / 1048576).toFixed(1);
