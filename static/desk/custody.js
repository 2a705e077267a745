// Opening: a custodian's three steps, and the page of the asker. Clear text is made here and never leaves the page
// but sealed; no word of it goes to the server, to a log or into storage.
import { fingerprintOf, forgetSeed, newNoteKey, openIdentity, openNote, openOriginal, sealNote, sha256Of, unwrapKeyFile } from "../vendor/custody.min.js";
import { BREAKS, Refused, ask, post, saveFile, tellIn } from "./vault.js";

const SHOWN_SECONDS = 120;
const LOOK_SECONDS = 60;
const KEPT_SECONDS = 300;
const FIELDS = ["name", "phone", "is_employee", "id_number", "account", "bank"];
const TICKED = "is_employee"; // a box: what is stored says no more than that it was ticked
// What the bundle calls a failure, and what the server calls it.
const FAULTS = {
  "bad-key-file": "bad_key_file",
  "short-passphrase": "wrong_passphrase",
  "wrong-passphrase": "wrong_passphrase",
  "other-vault": "other_vault",
  "does-not-open": "not_opened",
  "bad-envelope": "not_opened",
  "bad-file": "not_opened",
  "bad-content": "bad_content",
  "bad-key": "bad_reader_key",
};
const REPORTED = new Set([...Object.values(FAULTS), "other_sealed_hash", "other_reader_key"]);
const { app } = window.wagtail;
const { Controller } = window.StimulusModule;

class Speaking extends Controller {
  connect() { this.words = JSON.parse(document.getElementById("unseal-words").textContent); }

  say(name) { this.sayTarget.textContent = name ? this.words[name] : ""; }

  /** The sentence of a failure: our own, else what the server said. */
  sentenceOf({ code, sentence }) { return this.words[code] ?? (sentence || this.words.offline); }
}

/** Shows clear text for a short time, then forgets it. */
class Showing extends Speaking {
  disconnect() { this.clear(); }

  show(fields) {
    const names = FIELDS.filter((name) => fields[name]);
    this.fieldsTarget.replaceChildren(...names.map((name) => row(this.words[name], name === TICKED ? this.words.yes : fields[name])));
    this.boxTarget.hidden = false;
    this.boxTarget.focus();
    this.until = Date.now() + SHOWN_SECONDS * 1000;
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  tick() {
    const left = Math.ceil((this.until - Date.now()) / 1000);
    this.leftTarget.textContent = this.words.shown.replace("%(n)s", Math.max(left, 0));
    if (left <= 0) this.away("hidden");
  }

  seal() { this.away("sealedAway"); }

  away(word) {
    this.clear();
    this.say(word);
  }

  clear() {
    clearInterval(this.timer);
    this.boxTarget.hidden = true;
    this.fieldsTarget.replaceChildren();
  }
}

function row(label, text) {
  const [line, term, value] = ["div", "dt", "dd"].map((name) => document.createElement(name));
  term.textContent = label;
  value.textContent = text;
  line.append(term, value);
  return line;
}

app.register("as-opening", class extends Showing {
  static targets = ["file", "passphrase", "compared", "button", "say", "fault", "box", "left", "fields", "hashes", "reader"];
  static values = { request: String, number: String, vault: Number, fingerprint: String, file: Boolean, envelopeUrl: String, fileUrl: String, noteUrl: String, faultUrl: String };

  async connect() {
    super.connect();
    await this.showReader(this.hasReaderTarget ? this.readerTarget.dataset.key : "");
  }

  disconnect() {
    super.disconnect();
    clearTimeout(this.forgetting);
    this.passphraseTarget.value = "";
  }

  /** The key whose fingerprint is on the screen is the only one a note is sealed to; another one is compared anew. */
  async showReader(key) {
    const print = key ? await shortPrint(key) : "";
    this.reader = key;
    if (this.hasReaderTarget) this.readerTarget.textContent = print;
    if (this.hasComparedTarget) Object.assign(this.comparedTarget, { checked: false, disabled: !key });
    this.ready();
  }

  ready() {
    const isCompared = this.fileValue || this.comparedTarget.checked;
    this.buttonTarget.disabled = !(this.fileTarget.files.length && this.passphraseTarget.value && isCompared);
  }

  async open(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.lock(true);
    this.clear();
    this.faultTarget.hidden = true;
    clearTimeout(this.forgetting);
    let key = null;
    try {
      key = await this.unlocked();
      await this.handle(key);
    } catch (error) {
      await this.fail(error);
    } finally {
      this.forgetPassphrase();
      if (key) await forgetSeed({ seed: key.seed });
      this.lock(false);
    }
  }

  /** It goes at once; where pressing the button again goes on, it stays for the way to the password and back. */
  forgetPassphrase() {
    const forget = () => {
      this.passphraseTarget.value = "";
      this.ready();
    };
    if (this.mayGoOn) this.forgetting = setTimeout(forget, KEPT_SECONDS * 1000);
    else forget();
    this.mayGoOn = false;
  }

  /** The key file is opened before anything is fetched: a wrong one leaves the envelope where it is. */
  async unlocked() {
    this.say("unlocking");
    const text = await this.fileTarget.files[0].text();
    const key = await unwrapKeyFile({ text, passphrase: this.passphraseTarget.value });
    if (key.vault !== this.vaultValue || key.fingerprint !== this.fingerprintValue) {
      await forgetSeed({ seed: key.seed });
      throw new Refused("other-vault");
    }
    return key;
  }

  async handle({ seed }) {
    this.say("fetching");
    const sealed = await post(this.envelopeUrlValue);
    if (this.fileValue) await this.saveOriginal(seed, sealed);
    else await this.passOn(seed, sealed);
  }

  async passOn(seed, { envelope, binding, field, reader_key: readerKey }) {
    if (readerKey !== this.reader) await this.otherReader(readerKey);
    const fields = await openIdentity({ seed, envelope, binding, field });
    await this.deliver(fields);
    this.show(fields);
    this.say("sent");
    this.finished = true;
  }

  async deliver(fields) {
    const note = await sealNote({ recipientPublicKey: this.reader, binding: this.requestValue, fields });
    try {
      await post(this.noteUrlValue, { note, reader_key: this.reader });
    } catch (error) {
      if (error.code === "other_reader") await this.otherReader(error.told.reader_key);
      throw error;
    }
  }

  /** The asker may have opened a new page meanwhile, or somebody has changed the key on the server: people tell which. */
  async otherReader(key) {
    await this.showReader(key);
    throw new Refused("other_reader_key");
  }

  async saveOriginal(seed, { binding, field, sha256 }) {
    const answer = await ask(this.fileUrlValue);
    const sealed = new Uint8Array(await answer.arrayBuffer());
    if ((await sha256Of(sealed)) !== sha256) throw new Refused("other_sealed_hash");
    const data = await openOriginal({ seed, sealed, binding, field });
    const opened = await sha256Of(data);
    await post(this.noteUrlValue, { opened_sha256: opened });
    saveOriginal(data, `${this.numberValue}-original`);
    this.hashesTarget.replaceChildren(hashRow(this.words.sealedHash, sha256), hashRow(this.words.openedHash, opened));
    this.say("saved");
    this.finished = true;
  }

  async fail(error) {
    const code = FAULTS[error.code] ?? error.code;
    this.mayGoOn = BREAKS.has(code) && code !== "signed-out";
    // First into the log, then on the screen: whoever reads that it did not open reads it on record.
    if (REPORTED.has(code)) await post(this.faultUrlValue, { fault: code }).catch(() => {});
    this.say("");
    this.tell({ code, sentence: error.sentence });
  }

  tell({ code, sentence }) {
    const text = this.sentenceOf({ code, sentence });
    const said = [text, this.words.nothingShown].filter((part, index) => !index || !text.includes(part));
    const whole = said.map((part) => (/[。.！!]$/.test(part) ? part : `${part}。`)).join(" ");
    tellIn(this.faultTarget, { code, sentence: whole, link: this.words.giveIt, url: reauthUrl(this.element) });
  }

  lock(isBusy) {
    this.isBusy = isBusy;
    if (isBusy || this.finished) this.buttonTarget.disabled = true;
    else this.ready();
  }
});

app.register("as-reader", class extends Showing {
  static targets = ["button", "say", "fault", "box", "left", "fields"];
  static values = { request: String, status: String, keyUrl: String, readUrl: String, hasNote: Boolean, known: String };

  async connect() {
    super.connect();
    try {
      await this.start();
    } catch (error) {
      this.sayTarget.textContent = this.sentenceOf(error);
    }
  }

  disconnect() {
    super.disconnect();
    clearTimeout(this.look);
  }

  get place() { return `unseal:${this.requestValue}`; }

  get pair() { return JSON.parse(sessionStorage.getItem(this.place) ?? "null"); }

  /** The secret half lives as long as this tab, and no longer. Of several tabs one leads: two would take turns at replacing each other's key. */
  async start() {
    const known = this.pair;
    const isOurs = known?.publicKey === this.knownValue;
    if (this.hasNoteValue && isOurs) {
      this.buttonTarget.hidden = false;
      return this.print(known);
    }
    if (!(await leads(this.place))) return this.say("otherTab");
    if (this.hasNoteValue) return this.say("lost");
    await this.print(isOurs ? known : await this.freshPair());
    this.lookLater();
  }

  async freshPair() {
    const pair = await newNoteKey();
    await post(this.keyUrlValue, { public_key: pair.publicKey });
    sessionStorage.setItem(this.place, JSON.stringify(pair));
    return pair;
  }

  lookLater() { this.look = setTimeout(() => this.lookNow(), LOOK_SECONDS * 1000); }

  /** Asks by itself, so that a page left alone keeps no desk open, and takes over what has changed. */
  async lookNow() {
    try {
      const answer = await ask(location.href, { byItself: true });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".as-open");
      const reader = fresh?.querySelector("[data-controller~=as-reader]")?.dataset;
      if (reader?.asReaderStatusValue !== this.statusValue || reader.asReaderHasNoteValue === "true") {
        this.element.closest(".as-open").replaceWith(document.adoptNode(fresh));
        return;
      }
      if (reader.asReaderKnownValue !== this.pair?.publicKey) return this.say("takenOver");
      await this.print(this.pair);
    } catch (error) {
      this.sayTarget.textContent = this.sentenceOf(error);
    }
    this.lookLater();
  }

  async print(pair) { this.sayTarget.textContent = `${this.hasNoteValue ? "" : this.words.ready} ${await shortPrint(pair.publicKey)}`.trim(); }

  async read() {
    this.buttonTarget.disabled = true;
    this.faultTarget.hidden = true;
    try {
      const { note } = await post(this.readUrlValue);
      await this.opened(note);
    } catch (error) {
      const { code } = error;
      tellIn(this.faultTarget, { code, sentence: this.sentenceOf(error), link: this.words.giveIt, url: reauthUrl(this.element) });
      this.buttonTarget.disabled = !BREAKS.has(code);
    }
  }

  async opened(note) {
    try {
      this.show(await openNote({ secret: this.pair.secret, note, binding: this.requestValue }));
      this.buttonTarget.hidden = true;
      this.say("");
    } catch {
      this.say("readFailed");
    } finally {
      sessionStorage.removeItem(this.place);
    }
  }
});

// The SHA-256 of a received file, counted on this computer.
app.register("as-hash", class extends Controller {
  static targets = ["digest"];

  async count({ target }) {
    if (target.files.length) this.digestTarget.value = await sha256Of(new Uint8Array(await target.files[0].arrayBuffer()));
  }
});

function hashRow(label, digest) {
  const line = row(label, "");
  const code = document.createElement("code");
  code.textContent = digest;
  line.lastChild.append(code);
  return line;
}

/** The first groups of a fingerprint, short enough to be read out. */
async function shortPrint(publicKey) { return (await fingerprintOf(publicKey)).split("-").slice(0, 4).join(" "); }

const KINDS = [["image/jpeg", "jpg", [0xff, 0xd8]], ["image/png", "png", [0x89, 0x50]], ["image/webp", "webp", [0x52, 0x49]]];

function saveOriginal(data, name) {
  const [type, ending] = KINDS.find(([, , magic]) => magic.every((byte, index) => data[index] === byte)) ?? ["application/octet-stream", "heic"];
  saveFile(`${name}.${ending}`, data, type);
}

// Which requests this tab leads: a lock of the browser, held until the tab goes elsewhere.
const led = new Map();

/** Whether this tab is the one that keeps the key of a request; the answer stays. */
function leads(name) {
  if (!led.has(name)) {
    led.set(name, new Promise((resolve) => {
      if (!navigator.locks) resolve(true); // a page without HTTPS, which makes no key either
      else navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise(() => {});
      });
    }));
  }
  return led.get(name);
}

function reauthUrl(element) { return element.closest("[data-reauth-url]").dataset.reauthUrl; }
