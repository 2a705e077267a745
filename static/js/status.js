// Progress: code and messages are sent in the background, so that neither stays in the history. Works without it.
import { adopt, pack, prepare } from "./claim.js";
import { megabytes, speaker } from "./dom.js";
import { NotSealed } from "./sealing.js";
import { Broken, Offline, post, swap } from "./send.js";

const ANSWERS = "form[data-status], .steps";

function start() {
  const say = speaker();
  const again = document.querySelector("form[data-again]");
  again?.addEventListener("submit", (event) => { event.preventDefault(); send(again, say, event.submitter); });
  for (const form of document.querySelectorAll("form[data-status]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form, say, event.submitter); });
    if ("claim" in form.dataset) prepare(form);
    form.elements.photos?.addEventListener("change", () => {
      tell(form, say("chosen", { n: form.elements.photos.files.length }));
      complain(form, tooMuch(form, say));
    });
  }
}

/** What is wrong with the size of the photos, before minutes are spent on sending them; empty when nothing is. */
function tooMuch(form, say) {
  const sizes = [...(form.elements.photos?.files ?? [])].map(({ size }) => size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const faults = sizes.flatMap((size, index) => (size > Number(form.dataset.photoBytes) ? [`${say("photo", { n: index + 1 })} · ${say("tooLarge", { mb: megabytes(size) })}`] : []));
  if (!faults.length && total > Number(form.dataset.photosBytes)) faults.push(say("tooHeavy", { mb: megabytes(total) }));
  return faults.join(" ");
}

function complain(form, text) {
  const trouble = form.querySelector("[data-trouble]");
  if (!trouble) return;
  trouble.textContent = text;
  trouble.hidden = !text;
}

async function send(form, say, button) {
  const fault = tooMuch(form, say);
  complain(form, fault);
  if (fault) return;
  if (button) button.disabled = true;
  try {
    const data = parcel(form, button);
    if ("claim" in form.dataset) await pack(form, say, data);
    const answer = await post(form.getAttribute("action"), data, ANSWERS, (done, total) => tell(form, progress(say, done, total)));
    const others = [...document.querySelectorAll("textarea")].filter((field) => field.form !== form && field.value);
    const details = [...document.querySelectorAll("form[data-claim]")];
    swap(answer);
    keepWords(others);
    keepPhotos(form);
    keepDetails(details);
    start();
    look();
  } catch (error) {
    complain(form, error instanceof NotSealed ? error.faults.map(({ text }) => text).join("\n") : say(error instanceof Offline ? "offline" : "broken"));
    tell(form, "");
    if (![NotSealed, Offline, Broken].some((kind) => error instanceof kind)) throw error;
  } finally {
    if (button) button.disabled = false;
  }
}

/** The form, and the language if that is what was asked for. */
function parcel(form, button) {
  const data = new FormData(form);
  if (button?.name) data.set(button.name, button.value);
  return data;
}

function progress(say, done, total) {
  const percent = Math.round((done / total) * 100);
  return done < total ? say("sending", { percent, done: megabytes(done), total: megabytes(total) }) : say("storing");
}

function tell(form, text) {
  const line = form.querySelector("[data-say]");
  if (line && line.textContent !== text) line.textContent = text;
}

/** A message that was refused keeps its photos: a browser cannot be told them again. */
function keepPhotos(old) {
  const now = document.querySelector("form[data-message]");
  if (!now?.querySelector("[data-problems]") || !old.elements.photos?.files.length) return;
  now.elements.photos.replaceWith(old.elements.photos);
}

/** Payment details that were refused, or not yet sent, stay in their fields: a server never sees them. */
function keepDetails(before) {
  for (const now of document.querySelectorAll("form[data-claim]")) {
    const old = before.find(({ elements }) => elements.reward.value === now.elements.reward.value);
    if (old) adopt(now, old);
  }
}

/** Words typed in another form of the page are not given up for this one. */
function keepWords(others) {
  for (const { id, value } of others) {
    const now = document.getElementById(id);
    if (now && !now.value) now.value = value;
  }
}

/** Brings what has changed to the reader: a message that was sent or refused before the head of the page. */
function look() {
  const target = ["[data-problems]", "[data-sent]", "[data-asks]", "#receipt[aria-invalid]", "h1[tabindex]"].map((one) => document.querySelector(one)).find(Boolean);
  target?.focus({ focusVisible: false });
  target?.scrollIntoView({ block: "center" });
}

start();
