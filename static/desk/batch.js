// The payment batch: a key made in this tab, the file sealed to it by the server, opened and saved here.
import { newNoteKey, openBatch } from "../vendor/custody.min.js";
import { post, saveFile, tellIn } from "./vault.js";

const TYPES = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
const { app } = window.wagtail;
const { Controller } = window.StimulusModule;

app.register("as-batch", class extends Controller {
  static targets = ["say", "fault"];
  static values = { url: String };

  connect() { this.words = JSON.parse(document.getElementById("batch-words").textContent); }

  async take(event) {
    event.preventDefault();
    const form = event.submitter.value;
    this.faultTarget.hidden = true;
    this.sayTarget.textContent = this.words.making;
    event.submitter.disabled = true;
    try {
      await this.save(form);
      this.sayTarget.textContent = this.words.saved;
    } catch (error) {
      this.sayTarget.textContent = "";
      const { code, sentence } = error;
      const url = this.element.closest("[data-reauth-url]").dataset.reauthUrl;
      tellIn(this.faultTarget, { code, sentence: this.words[code] ?? (sentence || this.words["no-answer"]), link: this.words.giveIt, url });
    } finally {
      event.submitter.disabled = false;
    }
  }

  async save(form) {
    const { publicKey, secret } = await newNoteKey();
    const { sealed, binding, name } = await post(this.urlValue, { form, public_key: publicKey });
    const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
    saveFile(name, await openBatch({ secret, sealed: bytes, binding }), TYPES[form]);
  }
});
