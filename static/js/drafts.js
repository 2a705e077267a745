// A draft on this phone: only when the person asks for it, gone once it is sent, or opened after seven days. No name, no number.

const FLAG = "anshao-draft";
const BASE = "anshao";
const TABLE = "draft";
const DAYS_MS = 7 * 86_400_000;
const PAUSE_MS = 600;
const LEFT_OUT = new Set(["name", "phone", "is_employee", "captcha_token", "captcha_answer", "photos"]);

export class Draft {
  constructor({ form, say, photos, restored }) {
    Object.assign(this, { form, say, photos, restored, tick: form.querySelector("[data-draft]") });
    this.tick.checked = isKept();
    this.tick.addEventListener("change", () => (this.tick.checked ? this.start() : this.stop()));
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    if (this.tick.checked && restored) this.bring();
  }

  tell(name) {
    this.form.querySelector("[data-draft-say]").textContent = this.say(name);
  }

  async start() {
    try {
      localStorage.setItem(FLAG, "1");
      await this.keep();
      this.tell("draftKept");
      await navigator.serviceWorker?.register(this.form.dataset.worker);
    } catch {
      this.tick.checked = isKept();
      if (!this.tick.checked) this.tell("draftFailed");
    }
  }

  async stop() {
    await wipe();
    this.tell("draftGone");
  }

  later() {
    if (!isKept()) return;
    clearTimeout(this.timer);
    // Asked again when the time comes: the tip may have been sent meanwhile.
    this.timer = setTimeout(() => isKept() && this.keep().catch(() => this.tell("draftFailed")), PAUSE_MS);
  }

  keep() {
    const fields = [...new FormData(this.form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
    const photos = this.photos.items.filter(({ problem }) => !problem).map(({ file }) => file);
    return withTable("readwrite", (table) => table.put({ fields, photos, at: Date.now() }, TABLE));
  }

  async bring() {
    const kept = await withTable("readonly", (table) => table.get(TABLE)).catch(() => null);
    if (!kept || Date.now() - kept.at > DAYS_MS) {
      this.tick.checked = false;
      await wipe();
      return;
    }
    fill(this.form, kept.fields);
    if (kept.photos.length) await this.photos.add(kept.photos);
    this.restored(kept);
    this.tell("draftBack");
  }
}

/** Deletes the draft, and everything that shows there was one. */
export async function wipe() {
  if (!isKept()) return;
  try { localStorage.removeItem(FLAG); } catch { /* nothing was kept either */ }
  indexedDB.deleteDatabase(BASE);
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((worker) => worker.unregister()));
  if ("caches" in window) await caches.delete("anshao-offline");
}

function isKept() {
  try { return localStorage.getItem(FLAG) === "1"; } catch { return false; }
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const matching = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const ticked = matching.find((field) => /checkbox|radio/.test(field.type) && field.value === value);
    const typed = matching.find((field) => !/checkbox|radio|file/.test(field.type));
    if (ticked) ticked.checked = true;
    else if (typed) typed.value = value;
  }
}

function withTable(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(BASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const deal = base.transaction(TABLE, mode);
      const asked = act(deal.objectStore(TABLE));
      deal.oncomplete = () => { base.close(); resolve(asked.result); };
      deal.onabort = deal.onerror = () => { base.close(); reject(deal.error); };
    };
  });
}
