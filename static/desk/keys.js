// What the pages of the vault's keys share: words, faults, files, passphrases, proofs. Secrets stay in this tab.
import { BREAKS, Refused, post, saveFile, tellIn } from "./vault.js";

export { Refused };
export const page = document.querySelector("[data-keys]");
const words = JSON.parse(document.getElementById("key-words").textContent);

// What is put on record besides being shown; a passphrase chosen too short is nobody's attempt at anything.
const MISFITS = new Set([
  "bad-key-file", "wrong-passphrase", "other-vault", "other-key", "other-file", "wrong-words", "unknown-word", "bad-sheet",
  "too-few-sheets", "too-many-sheets", "same-sheet", "sheets-differ", "does-not-open", "bad-envelope", "bad-file",
]);

export function word(name, values = {}) {
  return (words[name] ?? words.unexpected).replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export const part = (name) => page.querySelector(`[data-${name}]`);
export const bundle = () => import("../vendor/custody.min.js");

export function say(text) {
  part("say").textContent = text;
}

/** Runs the work of a button once at a time; what is refused is shown above, in words. */
export function onPress(name, work) {
  const button = part(name);
  button.addEventListener("click", async () => {
    if (button.disabled) return;
    button.disabled = true;
    part("fault").hidden = true;
    say(word("working"));
    try {
      await work(button);
      if (part("say").textContent === word("working")) say("");
    } catch (error) {
      // First into the log, then on the screen: whoever reads that it did not fit reads it on record.
      await report(error.code);
      say("");
      show(error);
    } finally {
      button.disabled = false;
    }
  });
}

export function show({ code = "unexpected", sentence }) {
  tellIn(part("fault"), { code, sentence: sentence || word(code), link: word("giveIt"), url: page.dataset.passwordUrl });
}

/** Returns what was typed twice, and takes it out of the fields only once it is of use. */
export function chosenPassphrase() {
  const [one, two] = [part("pass-one").value, part("pass-two").value];
  const typed = [...one.normalize("NFKC")];
  if (typed.length < 15 || new Set(typed).size < 5) throw new Refused("short-passphrase");
  if (one !== two) throw new Refused("differs");
  return one;
}

export function clear(...fields) {
  for (const field of fields) field.value = "";
}

export async function fileText(field) {
  const [file] = field.files;
  if (!file) throw new Refused("no-file");
  if (file.size > 16384) throw new Refused("bad-key-file");
  return file.text();
}

/** Opens the chosen key file: {seed, vault, fingerprint}; the passphrase leaves the page at once. */
export async function openedKey({ unwrapKeyFile }) {
  const text = await fileText(part("file"));
  const passphrase = part("pass").value;
  const opened = await unwrapKeyFile({ text, passphrase });
  clear(part("pass"));
  return opened;
}

export function saveKeyFile(name, text) {
  saveFile(name, text, "application/json");
  say(word("saved", { name }));
}

export function fileName(vault, person) {
  return `anshao-vault-${vault}-${person.replace(/[^\w.-]/g, "_")}.key.json`;
}

/** Posts to the page's own address, with a proof that the key behind `seed` is held here. */
export async function postProven(tools, seed, values) {
  const { binding, envelope } = await post(page.dataset.challengeUrl, values);
  const nonce = await tools.openChallenge({ seed, envelope, binding });
  return post(page.dataset.url, { ...values, binding, nonce });
}

/** Like `postProven`; what was made is given back by `drop` only when the server refused it, not when it was silent. */
export async function recorded(tools, { seed, values, drop }) {
  try {
    const told = await postProven(tools, seed, values);
    await tools.forgetSeed({ seed });
    return told;
  } catch (error) {
    if (!BREAKS.has(error.code)) {
      await tools.forgetSeed({ seed });
      drop();
    }
    throw error;
  }
}

/** Puts on record that something did not fit: the code alone. */
export async function report(code) {
  if (!MISFITS.has(code)) return;
  await post(page.dataset.faultUrl, { work: page.dataset.work, code: code.replaceAll("-", "_") }).catch(() => {});
}

export function finish() {
  const box = part("done");
  page.querySelector(".as-steps").hidden = true;
  box.hidden = false;
  box.focus();
}
