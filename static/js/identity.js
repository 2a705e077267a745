// Name and telephone: shown for a real-name tip only, sealed on this phone, and never part of what is sent.
import { NotSealed, sealed, warm } from "./sealing.js";

const CLEAR = ["name", "phone", "is_employee"];
const MOBILE = /^1[3-9]\d{9}$/;

export { NotSealed };

export class Identity {
  constructor(form, say) {
    Object.assign(this, { form, say });
    form.addEventListener("change", () => this.show());
    this.show();
  }

  get isNamed() {
    return this.form.elements.identity_mode.value === "real_name";
  }

  show() {
    this.form.querySelector("[data-named]").hidden = !this.isNamed;
    if (this.isNamed) warm();
  }

  /** Takes the clear fields out of the data to be sent and puts the envelope in. */
  async pack(data) {
    for (const name of CLEAR) data.delete(name);
    if (!this.isNamed) return;
    const { form, say } = this;
    const order = { form, say, anchor: "identity", binding: data.get("idempotency_key"), field: "identity", fields: this.fields() };
    data.set("identity_envelope", await sealed(order));
  }

  fields() {
    const { name, phone, is_employee: employee } = this.form.elements;
    const written = name.value.normalize("NFC").trim();
    const digits = phone.value.replace(/[\s-]/g, "").replace(/^\+86/, "");
    const faults = [];
    if (!written) faults.push({ anchor: "name", text: this.say("needName") });
    if (!digits) faults.push({ anchor: "phone", text: this.say("needPhone") });
    else if (!MOBILE.test(digits)) faults.push({ anchor: "phone", text: this.say("badPhone") });
    if (faults.length) throw new NotSealed(faults);
    return { name: written, phone: digits, is_employee: employee.checked ? "1" : "" };
  }
}
