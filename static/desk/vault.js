// What the pages that work with the vault's keys share: refusals, asking the server, saving files.
const BY_ITSELF = "X-By-Itself"; // asked by the page, not by a person: does not keep the desk open

/** A refusal with the code of its sentence, the sentence the server sent, and whatever else it told. */
export class Refused extends Error {
  constructor(code, sentence = "", told = {}) {
    super(sentence);
    Object.assign(this, { code, sentence, told });
  }
}

/** What breaks off a work without being a refusal: it may go on with what was made. */
export const BREAKS = new Set(["reauth", "signed-out", "offline", "no-answer"]);

/** Asks the server and returns its answer. Throws "reauth" (password once more), "signed-out", "offline", "no-answer"
    (a fault of the server), "gone" (not there for this person), or the server's own code and sentence. */
export async function ask(url, { method = "GET", body, headers = {}, byItself = false } = {}) {
  const own = { ...headers, ...(byItself && { [BY_ITSELF]: "1" }), ...(method === "POST" && { "X-CSRFToken": token() }) };
  let answer;
  try {
    answer = await fetch(url, { method, body, headers: own, credentials: "same-origin", cache: "no-store", redirect: "manual" });
  } catch {
    throw new Refused("offline");
  }
  if (answer.ok) return answer;
  if (answer.type === "opaqueredirect") throw new Refused("signed-out");
  if (answer.status === 401) throw new Refused("reauth");
  const { code, message, ...told } = await answer.json().catch(() => ({}));
  if (message) throw new Refused(code ?? "refused", message, told);
  throw new Refused(answer.status >= 500 ? "no-answer" : "gone");
}

/** Posts values as a form and returns the JSON that comes back. */
export async function post(url, values = {}, options = {}) {
  const answer = await ask(url, { method: "POST", body: new URLSearchParams(values), ...options });
  return answer.json();
}

/** The cookie's token is the one that holds: signing in again in another tab gives a new one. */
function token() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Shows a sentence in a box, with the way to the password in a new tab where that is what is missing. */
export function tellIn(box, { code, sentence, link, url }) {
  const text = box.querySelector("p");
  text.textContent = sentence;
  if (code === "reauth" || code === "signed-out") {
    text.append(" ", Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: link }));
  }
  box.hidden = false;
  box.focus();
}

/** Lets the browser save bytes or text as a file. */
export function saveFile(name, data, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
