// The form behind a poster: photos first, the name sealed on the phone, answered in place. Works without it, by plain post.
import { megabytes, speaker } from "./dom.js";
import { clearFaults, showFaults } from "./faults.js";
import { Identity, NotSealed } from "./identity.js";
import { Photos } from "./photos.js";
import { Proof, ProofFailed } from "./proof.js";
import { start } from "./receipt.js";
import { Broken, Offline, post, swap } from "./send.js";

const ANSWERS = "[data-receipt], form[data-enterprise]";
let page;

class EnterprisePage {
  constructor(before = null) {
    this.form = document.querySelector("form[data-enterprise]");
    this.say = speaker();
    this.photos = new Photos(this.form, this.say, () => this.proof.begin());
    this.proof = new Proof(this.form, this.needsNewProof(before) ? "" : before?.proof.payload);
    this.identity = new Identity(this.form, this.say);
    if (before) this.takeOver(before);
    this.form.addEventListener("input", () => this.proof.begin());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** After an answer that found something wrong: what the server never sends back stays. */
  takeOver(before) {
    for (const id of ["name", "phone"]) this.form.querySelector(`#${id}`).value = before.form.querySelector(`#${id}`).value;
    this.form.elements.is_employee.checked = before.form.elements.is_employee.checked;
    this.photos.adopt(before.photos.items);
    this.form.querySelector("[data-kept]")?.replaceChildren(this.say("allHere"));
    this.form.querySelector(".errors:not([data-trouble])")?.focus({ focusVisible: false });
  }

  needsNewProof(before) {
    if (!before) return true;
    return before.form.elements.idempotency_key.value !== this.form.elements.idempotency_key.value || document.querySelector("#captcha-e") !== null;
  }

  async submit(isRetry = false) {
    if (this.isSending) return;
    if (this.photos.faults.length) {
      this.complain("notSent", this.photos.faults);
      return;
    }
    clearFaults(this.form);
    this.lock(true);
    try {
      const answer = await post(this.form.getAttribute("action"), await this.parcel(), ANSWERS, (done, total) => this.progress(done, total));
      if (answer.querySelector("[data-receipt]")) {
        swap(answer);
        start();
      } else {
        again(answer, isRetry);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.lock(false);
    }
  }

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

/** Shows the form with what is wrong; a key that was used for something else is exchanged without a word. */
function again(answer, isRetry) {
  swap(answer);
  page = new EnterprisePage(page);
  if ("onlyKey" in page.form.dataset && !isRetry) page.submit(true);
}

page = new EnterprisePage();
document.querySelector(".errors:not([data-trouble])")?.focus({ focusVisible: false });
