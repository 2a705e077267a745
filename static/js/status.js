// Progress: code and messages are sent in the background, so that neither stays in the history. Works without it.
import { megabytes, speaker } from "./dom.js";
import { Offline, post, swap } from "./send.js";

const ANSWERS = "form[data-status], .steps";

function start() {
  const say = speaker();
  for (const form of document.querySelectorAll("form[data-status]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.reportValidity()) send(form, say);
    });
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
  trouble.textContent = text;
  trouble.hidden = !text;
}

async function send(form, say) {
  const button = form.querySelector("[type=submit]");
  const fault = tooMuch(form, say);
  complain(form, fault);
  if (fault) return;
  button.disabled = true;
  try {
    const answer = await post(form.getAttribute("action"), new FormData(form), ANSWERS, (done, total) => tell(form, progress(say, done, total)));
    const others = [...document.querySelectorAll("textarea")].filter((field) => field.form !== form && field.value);
    swap(answer);
    keepWords(others);
    keepPhotos(form);
    start();
    look();
  } catch (error) {
    complain(form, say(error instanceof Offline ? "offline" : "broken"));
    tell(form, "");
  } finally {
    button.disabled = false;
  }
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

/** Words typed in another form of the page are not given up for this one. */
function keepWords(others) {
  for (const { id, value } of others) {
    const now = document.getElementById(id);
    if (now && !now.value) now.value = value;
  }
}

/** Brings what has changed to the reader. */
function look() {
  const target = document.querySelector("[data-problems], [data-sent], [data-asks], #receipt[aria-invalid], h1[tabindex]");
  target?.focus({ focusVisible: false });
  target?.scrollIntoView({ block: "center" });
}

start();
