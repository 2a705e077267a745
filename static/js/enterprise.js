// The form behind a poster: photos first, the name sealed on the phone, answered in place. Works without it, by plain post.
import { speaker } from "./dom.js";
import { Identity } from "./identity.js";
import { Photos } from "./photos.js";
import { Proof } from "./proof.js";
import { start } from "./receipt.js";
import { swap } from "./send.js";
import { SendingPage } from "./sending.js";

let page;

class EnterprisePage extends SendingPage {
  constructor(before = null) {
    super();
    this.answers = "[data-receipt], form[data-enterprise]";
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

  takeOver(before) {
    for (const id of ["name", "phone"]) this.form.querySelector(`#${id}`).value = before.form.querySelector(`#${id}`).value;
    super.takeOver(before);
  }

  answered(answer, isRetry) {
    if (answer.querySelector("[data-receipt]")) {
      swap(answer);
      start();
    } else {
      again(answer, isRetry);
    }
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
