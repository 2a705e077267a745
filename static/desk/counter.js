// The counter: seals a caller's name in this browser, keeps files and words through a refusal, prints the slip.
import { Identity, NotSealed } from "../js/identity.js";
import { Offline } from "../js/send.js";

const KEPT = ["photos", "name", "phone", "is_employee"];

class Counter {
  constructor(form) {
    this.form = form;
    const words = JSON.parse(document.getElementById("counter-words").textContent);
    this.say = (name) => words[name];
    this.identity = new Identity(form, this.say);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
  }

  async submit() {
    if (this.isSending) return;
    this.lock(true);
    try {
      await this.answer(await this.post(await this.parcel()));
    } catch (error) {
      this.fail(error);
    } finally {
      this.lock(false);
    }
  }

  /** A name that was sealed before goes along as it is unless it was typed anew. */
  async parcel() {
    const data = new FormData(this.form);
    const { name, phone } = this.form.elements;
    const sealed = data.get("identity_envelope");
    const isTyped = name.value.trim() || phone.value.trim();
    data.delete("identity_envelope");
    if (sealed && !isTyped && this.identity.isNamed) {
      KEPT.slice(1).forEach((field) => data.delete(field));
      data.set("identity_envelope", sealed);
    } else {
      await this.identity.pack(data);
    }
    return data;
  }

  async post(data) {
    try {
      const answer = await fetch(this.form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin", cache: "no-store" });
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      throw new Offline();
    }
  }

  answer(page) {
    const slip = page.querySelector("[data-slip]");
    const form = page.querySelector("form[data-counter]");
    if (slip) showSlip(page, slip);
    else if (form) this.again(form);
    else throw new Offline();
  }

  /** Shows the form with what is wrong; files and names, which the server never sends back, stay. */
  again(form) {
    for (const name of KEPT) {
      const [kept, fresh] = [this.form, form].map((one) => one.querySelector(`[name="${name}"]`));
      if (name === "photos") this.keepFiles(kept, fresh);
      else if (name === "is_employee") fresh.checked = kept.checked;
      else fresh.value = kept.value;
    }
    form.querySelectorAll("[data-kept]").forEach((words) => words.remove());
    this.form.replaceWith(document.adoptNode(form));
    start(form);
    (form.querySelector("[data-asked]") ?? form.querySelector("[data-faults]")).focus();
  }

  keepFiles(kept, fresh) {
    const files = new DataTransfer();
    [...kept.files].forEach((file) => files.items.add(file));
    fresh.files = files.files;
    const list = kept.parentElement.querySelector("ul");
    fresh.parentElement.querySelector("ul").replaceWith(list);
  }

  fail(error) {
    if (!(error instanceof NotSealed || error instanceof Offline)) throw error;
    const box = this.form.querySelector("[data-faults]");
    const faults = error.faults ?? [];
    box.querySelector("[data-heading]").textContent = faults.length ? "" : this.say("offline");
    box.querySelector("ul").replaceChildren(...faults.map(({ anchor, text }) => line(`#c-${anchor}`, text)));
    box.hidden = false;
    box.focus();
  }

  lock(isSending) {
    this.isSending = isSending;
    this.form.querySelector("[data-send]").disabled = isSending;
    this.form.querySelector("[data-say]").textContent = isSending ? this.say("sending") : "";
  }
}

function line(href, text) {
  const [item, link] = ["li", "a"].map((name) => document.createElement(name));
  link.href = href;
  link.textContent = text;
  item.append(link);
  return item;
}

/** Puts the slip in the form's place; its styles come with it, the address stays that of a blank form. */
function showSlip(page, slip) {
  for (const sheet of page.querySelectorAll('link[rel="stylesheet"]')) {
    if (!document.querySelector(`link[href="${sheet.getAttribute("href")}"]`)) document.head.append(document.adoptNode(sheet));
  }
  document.querySelector("form[data-counter]").replaceWith(document.adoptNode(slip));
  startSlip(slip);
}

function startSlip(slip) {
  const button = slip.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  slip.querySelector("[data-focus]").focus();
}

/** Leaves the towns of the chosen district alone in the list; their codes begin with that of the district. */
function narrowTowns({ district, town }) {
  if (!district || !town) return;
  const all = [...town.options];
  const narrow = () => {
    const chosen = town.value;
    town.replaceChildren(...all.filter(({ value }) => !value || !district.value || value.startsWith(district.value)));
    town.value = chosen;
    if (town.selectedIndex < 0) town.value = "";
  };
  district.addEventListener("change", narrow);
  narrow();
}

function start(form) {
  if (!form) return;
  new Counter(form);
  narrowTowns(form.elements);
}

start(document.querySelector("form[data-counter]"));
const shown = document.querySelector("[data-slip]");
if (shown) startSlip(shown);
