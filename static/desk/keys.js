// What the pages of the vault's keys share: words, refusals, files, passphrases, posting. Secrets stay in this tab.
export const page = document.querySelector("[data-keys]");
const words = JSON.parse(document.getElementById("key-words").textContent);

/** A refusal with the code of its sentence, or with the sentence the server sent. */
export class Refusal extends Error {
  constructor(code, sentence = "") {
    super(code);
    Object.assign(this, { code, sentence });
  }
}

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
      say("");
      show(error);
    } finally {
      button.disabled = false;
    }
  });
}

export function show(error) {
  const box = part("fault");
  box.querySelector("[data-fault-text]").textContent = error.sentence || word(error.code ?? "unexpected");
  box.hidden = false;
  box.focus();
}

/** Returns what was typed twice, and takes it out of the fields only once it is of use. */
export function chosenPassphrase() {
  const [one, two] = [part("pass-one").value, part("pass-two").value];
  if ([...one.normalize("NFKC")].length < 15) throw new Refusal("short-passphrase");
  if (one !== two) throw new Refusal("differs");
  return one;
}

export function clear(...fields) {
  for (const field of fields) field.value = "";
}

export async function fileText(field) {
  const [file] = field.files;
  if (!file) throw new Refusal("no-file");
  if (file.size > 16384) throw new Refusal("bad-key-file");
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

export function saveFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(word("saved", { name }));
}

export function fileName(vault, person) {
  return `anshao-vault-${vault}-${person.replace(/[^\w.-]/g, "_")}.key.json`;
}

export async function send(url, body, headers = {}) {
  const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  const options = { method: "POST", body, credentials: "same-origin", cache: "no-store" };
  return answerOf(() => fetch(url, { ...options, headers: { ...headers, "X-CSRFToken": token } }));
}

export async function get(url) {
  return answerOf(() => fetch(url, { credentials: "same-origin", cache: "no-store" }));
}

async function answerOf(ask) {
  let answer;
  try {
    answer = await ask();
  } catch {
    throw new Refusal("offline");
  }
  if (answer.ok && !answer.redirected) return answer;
  if (answer.redirected) throw new Refusal("offline"); // signed out meanwhile
  const { message } = await answer.json().catch(() => ({}));
  throw new Refusal(message ? "refused" : "gone", message);
}

export function post(values) {
  return send(page.dataset.url, new URLSearchParams(values)).then((answer) => answer.json());
}

export function finish() {
  const box = part("done");
  page.querySelector(".as-steps").hidden = true;
  box.hidden = false;
  box.focus();
}
