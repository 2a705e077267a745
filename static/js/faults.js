// What this page itself finds wrong before sending: a summary that takes the focus, a message above each field.
import { element, icon } from "./dom.js";

/** Shows a summary and a word of comfort; `faults` are {anchor, text}, an empty anchor has no field to go to. */
export function showFaults(form, heading, comfort, faults = []) {
  clearFaults(form);
  const box = form.querySelector("[data-trouble]");
  const links = faults.map(({ anchor, text }) => element("li", {}, anchor ? element("a", { href: `#${anchor}` }, text) : text));
  box.replaceChildren(element("h2", {}, heading), ...(links.length ? [element("ul", {}, ...links), element("p", { class: "small" }, comfort)] : []));
  box.hidden = false;
  faults.forEach(mark);
  box.focus({ focusVisible: false });
}

/** Takes away what showFaults and the server put there. */
export function clearFaults(form) {
  for (const box of form.querySelectorAll(".errors")) box.hidden = true;
  for (const message of form.querySelectorAll("[data-fault]")) message.remove();
}

function mark({ anchor, text }) {
  const field = anchor && document.getElementById(anchor);
  if (!field?.matches("input, textarea, select")) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${anchor}-f`);
  field.before(element("p", { class: "msg", id: `${anchor}-f`, "data-fault": "" }, icon("warning"), text));
  field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true });
}
