// Opening: a custodian's three steps, and the page of the asker. Clear text is made here and never leaves the page
// but sealed; no word of it goes to the server, to a log or into storage.
import { fingerprintOf, forgetSeed, newNoteKey, openIdentity, openNote, openOriginal, sealNote, sha256Of, unwrapKeyFile } from "../vendor/custody.min.js";

const SHOWN_SECONDS = 120;
const LOOK_SECONDS = 60;
const FIELDS = ["name", "phone", "is_employee", "id_number", "account", "bank"];
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
const { app } = window.wagtail;
const { Controller } = window.StimulusModule;

/** A refusal with the code the server gave, or will be told. */
class Refused extends Error {
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

class Speaking extends Controller {
  connect() { this.words = JSON.parse(document.getElementById("unseal-words").textContent); }

  say(name) { this.sayTarget.textContent = name ? this.words[name] : ""; }

  async post(url, values = {}) {
    const token = this.element.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams(values);
    const answer = await this.fetched(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (answer.status === 401) throw new Refused("reauth");
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(data.code ?? "cannotReach", data.message);
    return data;
  }

  async fetched(url, options = {}) {
    try {
      return await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
    } catch {
      throw new Refused("cannotReach");
    }
  }
}

/** Shows clear text for a short time, then forgets it. */
class Showing extends Speaking {
  disconnect() { this.clear(); }

  show(fields) {
    const names = FIELDS.filter((name) => fields[name]);
    this.fieldsTarget.replaceChildren(...names.map((name) => row(this.words[name], fields[name])));
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
  static targets = ["file", "passphrase", "button", "say", "fault", "box", "left", "fields", "hashes", "reader"];
  static values = { request: String, number: String, vault: Number, fingerprint: String, file: Boolean, envelopeUrl: String, fileUrl: String, noteUrl: String, faultUrl: String };

  async connect() {
    super.connect();
    this.ready();
    if (this.hasReaderTarget && this.readerTarget.dataset.key) this.readerTarget.textContent = await shortPrint(this.readerTarget.dataset.key);
  }

  ready() { this.buttonTarget.disabled = !(this.fileTarget.files.length && this.passphraseTarget.value); }

  async open(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.lock(true);
    this.clear();
    this.faultTarget.hidden = true;
    let key = null;
    try {
      key = await this.unlocked();
      await this.handle(key);
    } catch (error) {
      await this.fail(error);
    } finally {
      this.passphraseTarget.value = "";
      if (key) await forgetSeed({ seed: key.seed });
      this.lock(false);
    }
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
    const sealed = await this.post(this.envelopeUrlValue);
    if (this.fileValue) await this.saveOriginal(seed, sealed);
    else await this.passOn(seed, sealed);
  }

  async passOn(seed, { envelope, binding, field, reader_key: readerKey }) {
    const fields = await openIdentity({ seed, envelope, binding, field });
    await this.deliver(fields, readerKey);
    this.show(fields);
    this.say("sent");
    this.finished = true;
  }

  /** The asker may have opened a new page meanwhile: once more, to the key of that one. */
  async deliver(fields, readerKey, isSecond = false) {
    const note = await sealNote({ recipientPublicKey: readerKey, binding: this.requestValue, fields });
    try {
      await this.post(this.noteUrlValue, { note, reader_key: readerKey });
    } catch (error) {
      if (isSecond || error.code !== "other_reader") throw error;
      const { reader_key: newer } = await this.post(this.envelopeUrlValue);
      await this.deliver(fields, newer, true);
    }
  }

  async saveOriginal(seed, { binding, field, sha256 }) {
    const answer = await this.fetched(this.fileUrlValue);
    if (!answer.ok) throw new Refused("cannotReach");
    const sealed = new Uint8Array(await answer.arrayBuffer());
    if ((await sha256Of(sealed)) !== sha256) throw new Refused("other_sealed_hash");
    const data = await openOriginal({ seed, sealed, binding, field });
    const opened = await sha256Of(data);
    await this.post(this.noteUrlValue, { opened_sha256: opened });
    save(data, `${this.numberValue}-original`);
    this.hashesTarget.replaceChildren(hashRow(this.words.sealedHash, sha256), hashRow(this.words.openedHash, opened));
    this.say("saved");
    this.finished = true;
  }

  async fail(error) {
    const code = FAULTS[error.code] ?? error.code;
    // First into the log, then on the screen: whoever reads that it did not open reads it on record.
    if (Object.values(FAULTS).includes(code) || code === "other_sealed_hash") {
      await this.post(this.faultUrlValue, { fault: code }).catch(() => {});
    }
    this.say("");
    this.tell(code === "insecure-context" ? "noCrypto" : code, error.message);
  }

  tell(code, message) {
    const text = code === "reauth" ? this.words.reauth : (this.words[code] ?? (message || this.words.cannotReach));
    const said = [text, this.words.nothingShown].filter((part, index) => !index || !text.includes(part));
    this.faultTarget.querySelector("p").textContent = said.map((part) => (/[。.！!]$/.test(part) ? part : `${part}。`)).join(" ");
    this.faultTarget.hidden = false;
    this.faultTarget.focus();
    if (code === "reauth") window.open(reauthUrl(this.element), "_blank", "noopener");
  }

  lock(isBusy) {
    this.isBusy = isBusy;
    if (isBusy || this.finished) this.buttonTarget.disabled = true;
    else this.ready();
  }
});

app.register("as-reader", class extends Showing {
  static targets = ["button", "say", "box", "left", "fields"];
  static values = { request: String, keyUrl: String, readUrl: String, hasNote: Boolean, known: String };

  async connect() {
    super.connect();
    try {
      await this.start();
    } catch (error) {
      this.sayTarget.textContent = error.message || this.words.cannotReach;
    }
  }

  disconnect() {
    super.disconnect();
    clearTimeout(this.look);
  }

  get place() { return `unseal:${this.requestValue}`; }

  get pair() { return JSON.parse(sessionStorage.getItem(this.place) ?? "null"); }

  /** The secret half lives as long as this tab, and no longer. */
  async start() {
    const known = this.pair;
    const isOurs = known?.publicKey === this.knownValue;
    if (this.hasNoteValue) {
      this.buttonTarget.hidden = !isOurs;
      return isOurs ? await this.print(known) : this.say("lost");
    }
    const pair = isOurs ? known : await this.freshPair();
    await this.print(pair);
    this.look = setTimeout(() => location.reload(), LOOK_SECONDS * 1000);
  }

  async freshPair() {
    const pair = await newNoteKey();
    await this.post(this.keyUrlValue, { public_key: pair.publicKey });
    sessionStorage.setItem(this.place, JSON.stringify(pair));
    return pair;
  }

  async print(pair) { this.sayTarget.textContent = `${this.hasNoteValue ? "" : this.words.ready} ${await shortPrint(pair.publicKey)}`.trim(); }

  async read() {
    this.buttonTarget.disabled = true;
    try {
      const { note } = await this.post(this.readUrlValue);
      await this.opened(note);
    } catch (error) {
      this.sayTarget.textContent = error.code === "reauth" ? this.words.reauth : error.message || this.words.cannotReach;
      if (error.code === "reauth") window.open(reauthUrl(this.element), "_blank", "noopener");
      this.buttonTarget.disabled = error.code !== "reauth";
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

function save(data, name) {
  const [type, ending] = KINDS.find(([, , magic]) => magic.every((byte, index) => data[index] === byte)) ?? ["application/octet-stream", "heic"];
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function reauthUrl(element) { return element.closest("[data-reauth-url]").dataset.reauthUrl; }
