// A form that is sent in the background and answered in place: progress, faults, one sending at a time.
import { megabytes } from "./dom.js";
import { clearFaults, showFaults } from "./faults.js";
import { NotSealed } from "./identity.js";
import { ProofFailed } from "./proof.js";
import { Broken, Offline, post } from "./send.js";

/** Whoever extends it has form, say, photos, identity and proof, and says what an answer looks like and what to do with it. */
export class SendingPage {
  /** A proof counts once for one key; the answer that asks for another one shows the question. */
  needsNewProof(before) {
    if (!before) return true;
    return before.form.elements.idempotency_key.value !== this.form.elements.idempotency_key.value || document.querySelector("#captcha-e") !== null;
  }

  /** What stays after an answer that found something wrong: the server never sends it back. */
  takeOver(before) {
    this.form.elements.is_employee.checked = before.form.elements.is_employee.checked;
    this.photos.adopt(before.photos.items);
    this.form.querySelector("[data-kept]")?.replaceChildren(this.say("allHere"));
    this.form.querySelector(".errors:not([data-trouble])")?.focus({ focusVisible: false });
  }

  submit(isRetry = false) {
    if (this.isSending) return undefined;
    if (this.photos.faults.length) {
      this.complain("notSent", this.photos.faults);
      return undefined;
    }
    clearFaults(this.form);
    return this.exchange(() => this.parcel(), (done, total) => this.progress(done, total), isRetry);
  }

  /** Sends what `pack` gives and hands the answer on; nothing else can be sent meanwhile. */
  async exchange(pack, told, isRetry) {
    this.lock(true);
    try {
      await this.answered(await post(this.form.getAttribute("action"), await pack(), this.answers, told), isRetry);
    } catch (error) {
      this.fail(error);
    } finally {
      this.lock(false);
    }
  }

  /** What is sent: the form without name and number, the photos, the envelope, the proof. */
  async parcel() {
    const data = new FormData(this.form);
    this.photos.pack(data);
    if (this.identity.isNamed) this.tell(this.say("sealing"));
    await this.identity.pack(data);
    this.tell(this.say("checking"));
    await this.proof.pack(data);
    return data;
  }

  progress(done, total) {
    const percent = Math.round((done / total) * 100);
    this.form.querySelector("progress").value = percent;
    this.tell(done < total ? this.say("sending", { percent, done: megabytes(done), total: megabytes(total) }) : this.say("storing"));
  }

  tell(text) {
    const line = this.form.querySelector("[data-progress-say]");
    if (line.textContent !== text) line.textContent = text;
  }

  lock(isSending) {
    this.isSending = isSending;
    this.form.querySelector("[data-sending]").hidden = !isSending;
    this.form.querySelector("progress").value = 0;
    this.form.querySelector("[type=submit]").disabled = isSending;
  }

  complain(heading, faults = []) {
    showFaults(this.form, this.say(heading), this.say("allHere"), faults);
  }

  fail(error) {
    const plain = error instanceof Offline ? "offline" : error instanceof ProofFailed ? "proofFailed" : "broken";
    if (error instanceof NotSealed) this.complain("notSent", error.faults);
    else this.complain(plain);
    this.form.querySelector("[type=submit] [data-text]").textContent = this.say("again");
    if (error instanceof ProofFailed) this.proof.ask();
    if (![NotSealed, Offline, ProofFailed, Broken].some((kind) => error instanceof kind)) throw error;
  }
}
