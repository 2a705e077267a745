// The key ceremony: make, save, print, prove, register. Only the public half is sent.
import { Refused, bundle, chosenPassphrase, clear, fileName, fileText, finish, onPress, page, part, postProven, saveKeyFile, word } from "./keys.js";

const WORDS_PER_SHEET = 2;
const sheets = [...document.querySelectorAll(".as-sheet")];
let made = null;

function reveal(step) {
  page.querySelectorAll(`[data-after="${step}"]`).forEach((item) => { item.hidden = false; });
}

onPress("make", async (button) => {
  const { newVault } = await bundle();
  made = await newVault({ vault: Number(page.dataset.version), passphrase: chosenPassphrase() });
  clear(part("pass-one"), part("pass-two"));
  button.hidden = true;
  fillSheets();
  askWords();
  reveal("make");
  part("save").focus();
});

onPress("save", () => {
  saveKeyFile(fileName(page.dataset.version, "custodian"), made.keyFile);
  reveal("save");
});

onPress("print", () => {
  print();
  reveal("print");
});

onPress("register", async () => {
  const tools = await bundle();
  requireWords();
  const text = await fileText(part("again"));
  const { fingerprint } = await tools.describeKeyFile({ text });
  if (fingerprint !== made.fingerprint || text !== made.keyFile) throw new Refused("other-file");
  const values = { version: page.dataset.version, public_key: made.publicKey, fingerprint };
  const answer = await postProven(tools, made.seed, values);
  await tools.forgetSeed({ seed: made.seed });
  part("setting").textContent = `VAULT_FINGERPRINT=${answer.fingerprint}`;
  made = null;
  part("check").replaceChildren();
  sheets.forEach((sheet) => sheet.remove());
  finish();
});

addEventListener("beforeunload", (event) => { if (made) event.preventDefault(); });

function fillSheets() {
  sheets.forEach((sheet, index) => {
    const items = made.sheets[index].split(" ").map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    sheet.querySelector("[data-words]").replaceChildren(...items);
    sheet.querySelector("[data-finger]").textContent = made.fingerprint;
  });
  part("copy").replaceChildren(...sheets.map(copyButton));
}

/** Without a printer: one sheet at a time on the screen, to be copied by hand. */
function copyButton(sheet, index) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small button-secondary" });
  const label = () => { button.textContent = word(sheet.hidden ? "show" : "hide", { n: index + 1 }); };
  button.addEventListener("click", () => {
    sheets.forEach((other) => { other.hidden = other !== sheet || !sheet.hidden; });
    part("copy").querySelectorAll("button").forEach((one, at) => { one.textContent = word(sheets[at].hidden ? "show" : "hide", { n: at + 1 }); });
    reveal("print");
    if (!sheet.hidden) sheet.scrollIntoView();
  });
  label();
  return button;
}

function askWords() {
  const asked = made.sheets.flatMap((text, sheet) => places(text.split(" ").length).map((place) => ({ sheet, place })));
  part("check").replaceChildren(...asked.map(wordField));
}

function places(length) {
  const found = new Set();
  while (found.size < WORDS_PER_SHEET) found.add(crypto.getRandomValues(new Uint32Array(1))[0] % length);
  return [...found].sort((one, other) => one - other);
}

function wordField({ sheet, place }) {
  const [field, label, input] = ["div", "label", "input"].map((name) => document.createElement(name));
  field.className = "as-field";
  label.htmlFor = input.id = `word-${sheet}-${place}`;
  label.textContent = word("checkWord", { sheet: sheet + 1, word: place + 1 });
  Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off" });
  Object.assign(input.dataset, { sheet, place });
  field.append(label, input);
  return field;
}

function requireWords() {
  const wrong = [...part("check").querySelectorAll("input")].find(({ value, dataset }) =>
    value.trim().toLowerCase() !== made.sheets[dataset.sheet].split(" ")[dataset.place]);
  if (wrong) throw new Refused("wrong-words");
}
