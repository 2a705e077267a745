// Who answers for an industry outside the bureau's remit, told as soon as it is chosen. Without scripts the list itself names it.
import { element } from "./dom.js";

export class Body {
  constructor(form, say) {
    this.list = form.querySelector("#industry");
    this.line = form.querySelector("[data-body-say]");
    this.say = say;
    form.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const { body, tel } = this.list.selectedOptions[0]?.dataset ?? {};
    const call = tel ? [" ", element("a", { href: `tel:${tel}` }, this.say("bodyCall", { tel }))] : [];
    this.line.replaceChildren(...(body ? [this.say("bodyNamed", { body }), ...call] : []));
  }
}
