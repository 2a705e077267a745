// The check against machines: a small sum this phone works out by itself, begun as soon as someone starts to fill in.
import { Offline } from "./send.js";

/** The phone cannot do the sum; the question in plain words is shown instead. */
export class ProofFailed extends Error {}

export class Proof {
  constructor(form, payload = "") {
    this.form = form;
    this.isOn = form.dataset.captcha === "on";
    if (payload) this.work = Promise.resolve(payload);
    if (form.querySelector("[data-widget]")) import("./widget.js").then(({ offerWidget }) => offerWidget(form));
  }

  /** Starts working, once. */
  begin() {
    if (!this.isOn || this.isAnswered || this.work) return;
    this.work = this.solve();
    this.work.catch(() => { this.work = null; });
  }

  get isAnswered() {
    return Boolean(this.form.elements.captcha_answer?.value.trim());
  }

  /** Puts the solution into the data to be sent; an answer given in words needs none. */
  async pack(data) {
    if (!this.isOn || this.isAnswered) return;
    this.begin();
    this.payload = await this.work;
    data.set("captcha", this.payload);
  }

  async solve() {
    const challenge = await this.challenge();
    const worker = new Worker(this.form.dataset.solver);
    try {
      return await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.payload ? resolve(data.payload) : reject(new ProofFailed(data.error)));
        worker.onerror = () => reject(new ProofFailed("worker"));
        worker.postMessage(challenge);
      });
    } finally {
      worker.terminate();
    }
  }

  async challenge() {
    let answer;
    try {
      answer = await fetch(`${this.form.dataset.api}challenge`, { cache: "no-store" });
    } catch {
      throw new Offline();
    }
    if (!answer.ok) throw new ProofFailed(answer.status);
    return answer.json();
  }

  /** Shows the question in plain words. */
  ask() {
    this.form.querySelector("[data-question]")?.setAttribute("data-show", "");
    this.form.elements.captcha_answer?.focus();
  }
}
