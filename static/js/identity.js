// Name and telephone: shown for a real-name tip only, sealed on this phone, and never part of what is sent.
import { Offline } from "./send.js";

const CLEAR = ["name", "phone", "is_employee"];
const MOBILE = /^1[3-9]\d{9}$/;

/** The name is not sent; `faults` say why. */
export class NotSealed extends Error {
  constructor(faults) {
    super("not sealed");
    this.faults = faults;
  }
}

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
    // Fetched early, so that sealing does not have to wait for it.
    if (this.isNamed) import("../vendor/seal.min.js").catch(() => {});
  }

  /** Takes the clear fields out of the data to be sent and puts the envelope in. */
  async pack(data) {
    for (const name of CLEAR) data.delete(name);
    if (!this.isNamed) return;
    const fields = this.fields();
    const vault = await this.vault();
    data.set("identity_envelope", await this.sealed(fields, vault, data.get("idempotency_key")));
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

  async vault() {
    let answer;
    try {
      answer = await fetch(`${this.form.dataset.api}vault`, { cache: "no-store" });
    } catch {
      throw new Offline();
    }
    if (!answer.ok) throw new NotSealed([{ anchor: "identity", text: this.say("noVault") }]);
    return answer.json();
  }

  async sealed(fields, vault, binding) {
    const { sealIdentity, fingerprintOf } = await this.tools();
    let envelope;
    try {
      const fingerprint = await fingerprintOf(vault.public_key);
      if (fingerprint !== this.form.dataset.pin) throw new NotSealed([{ anchor: "identity", text: this.say("otherKey") }]);
      const order = { publicKey: vault.public_key, vault: vault.version, suite: vault.suite, binding, field: "identity", fields };
      envelope = await sealIdentity(order);
    } catch (error) {
      if (error instanceof NotSealed) throw error;
      throw new NotSealed([{ anchor: "identity", text: this.say("cannotSeal") }]);
    }
    return envelope;
  }

  async tools() {
    try {
      return await import("../vendor/seal.min.js");
    } catch {
      throw new Offline();
    }
  }
}
