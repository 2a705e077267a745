// The form: photo first, place by the phone, sent in the background, answered in place. Works without it, by plain post.
import { Body } from "./body.js";
import { Draft, wipe } from "./drafts.js";
import { speaker } from "./dom.js";
import { Identity } from "./identity.js";
import { Photos } from "./photos.js";
import { Place } from "./place.js";
import { Proof } from "./proof.js";
// With the form, not when it is needed: whoever has sent a tip must see the receipt although the line is gone by then.
import { start } from "./receipt.js";
import { swap } from "./send.js";
import { SendingPage } from "./sending.js";
import { shareKey } from "./tabs.js";

const stopSharing = shareKey(() => document.querySelector("form[data-report]").elements.idempotency_key);
let page;

class ReportPage extends SendingPage {
  constructor(before = null) {
    super();
    this.answers = "[data-receipt], form[data-report]";
    this.form = document.querySelector("form[data-report]");
    this.say = speaker();
    this.photos = new Photos(this.form, this.say, () => { this.begin(); this.draft?.later(); });
    this.place = new Place(this.form, this.say, before?.place.name);
    this.proof = new Proof(this.form, this.needsNewProof(before) ? "" : before?.proof.payload);
    this.identity = new Identity(this.form, this.say);
    this.matchTiles();
    this.body = new Body(this.form, this.say);
    if (before) this.takeOver(before);
    this.draft = new Draft({ form: this.form, say: this.say, photos: this.photos, restored: before ? null : () => this.restored() });
    this.form.addEventListener("input", () => this.begin());
    this.guardLanguage();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.name === "language") this.translate(event.submitter.value);
      else this.submit();
    });
  }

  /** The switch of the blank page would throw away what has been filled in since: it asks for the same form instead. */
  guardLanguage() {
    for (const lang of document.querySelectorAll("form.lang")) {
      lang.addEventListener("submit", (event) => {
        if (!this.isBegun) return;
        event.preventDefault();
        this.translate(event.submitter.value);
      });
    }
  }

  get isBegun() {
    const { description, address, entity_name: entity, name } = this.form.elements;
    return this.photos.items.length > 0 || [description, address, entity, name].some((field) => field.value.trim());
  }

  /** Whatever can be prepared while someone fills in. Never before: opening the page alone asks for nothing. */
  begin() {
    this.place.begin();
    this.proof.begin();
  }

  restored() {
    this.identity.show();
    this.body.show();
    this.place.filterTowns();
    this.place.show();
  }

  /** A tile and the list in the fold are the same choice. */
  matchTiles() {
    for (const tile of this.form.querySelectorAll('.tile input:not([name="operations"])')) {
      const list = this.form.querySelector(`select[name="${tile.name}"]`);
      tile.addEventListener("change", () => { if (tile.checked) list.value = ""; });
      list.addEventListener("change", () => { if (list.value) tile.checked = false; });
    }
  }

  /** After an answer that found something wrong: what the server never sees or never sends back stays. */
  takeOver(before) {
    for (const old of before.form.querySelectorAll("textarea, input[type=tel], input:not([type])")) {
      const field = this.form.querySelector(`#${old.id}`);
      if (field && old.id !== "captcha") field.value = old.value;
    }
    super.takeOver(before);
  }

  /** The same form in another language: photos, name and number stay where they are. */
  async translate(language) {
    if (this.isSending) return;
    const data = new FormData(this.form);
    for (const name of ["photos", "name", "phone"]) data.delete(name);
    data.set("language", language);
    await this.exchange(() => data, () => {}, true);
  }

  async parcel() {
    if (!this.place.isKnown) this.tell(this.say("locating"));
    await this.place.ready();
    return super.parcel();
  }

  async answered(answer, isRetry) {
    if (answer.querySelector("[data-receipt]")) await finish(answer);
    else again(answer, isRetry);
  }
}

async function finish(answer) {
  stopSharing();
  await wipe().catch(() => {});
  swap(answer);
  start();
}

/** Shows the form with what is wrong; a key that was used for something else is exchanged without a word. */
function again(answer, isRetry) {
  swap(answer);
  page = new ReportPage(page);
  if ("onlyKey" in page.form.dataset && !isRetry) page.submit(true);
}

page = new ReportPage();
// A form that the plain post brought back: the summary takes the focus.
document.querySelector(".errors:not([data-trouble])")?.focus({ focusVisible: false });
