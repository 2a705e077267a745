// The form: photo first, place by the phone, sent in the background, answered in place. Works without it, by plain post.
import { Body } from "./body.js";
import { Draft, wipe } from "./drafts.js";
import { megabytes, speaker } from "./dom.js";
import { clearFaults, showFaults } from "./faults.js";
import { Identity, NotSealed } from "./identity.js";
import { Photos } from "./photos.js";
import { Place } from "./place.js";
import { Proof, ProofFailed } from "./proof.js";
// With the form, not when it is needed: whoever has sent a tip must see the receipt although the line is gone by then.
import { start } from "./receipt.js";
import { Broken, Offline, post, swap } from "./send.js";
import { shareKey } from "./tabs.js";

const ANSWERS = "[data-receipt], form[data-report]";
const stopSharing = shareKey(() => document.querySelector("form[data-report]").elements.idempotency_key);
let page;

class ReportPage {
  constructor(before = null) {
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
      const data = await this.parcel();
      const answer = await post(this.form.getAttribute("action"), data, ANSWERS, (done, total) => this.progress(done, total));
      if (answer.querySelector("[data-receipt]")) await finish(answer);
      else again(answer, isRetry);
    } catch (error) {
      this.fail(error);
    } finally {
      this.lock(false);
    }
  }

  /** The same form in another language: photos, name and number stay where they are. */
  async translate(language) {
    if (this.isSending) return;
    const data = new FormData(this.form);
    for (const name of ["photos", "name", "phone"]) data.delete(name);
    data.set("language", language);
    this.lock(true);
    try {
      again(await post(this.form.getAttribute("action"), data, ANSWERS, () => {}), true);
    } catch (error) {
      this.fail(error);
    } finally {
      this.lock(false);
    }
  }

  /** What is sent: the form without name and number, the photos, the envelope, the proof. */
  async parcel() {
    if (!this.place.isKnown) this.tell(this.say("locating"));
    await this.place.ready();
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
