// Payment details of a reward: sealed on this phone, tied to the number of the tip. The fields have no names, so that
// no browser can send them in clear.
import { NotSealed, sealed, warm } from "./sealing.js";

// What a field has to look like and what is said otherwise, in the order of the fields.
const RIGHT = {
  name: [/^.{1,50}$/u, (say) => say("claim_name")],
  id_number: [/^[0-9A-Z]{6,20}$/, (say) => say("claim_id_number")],
  bank: [/^.{1,60}$/u, (say) => say("claim_bank")],
  account: [/^\d{8,32}$/, (say) => say("claim_account")],
};

/** Fetches what seals as soon as somebody begins to fill in. */
export function prepare(form) { form.addEventListener("input", warm, { once: true }); }

/** Puts the envelope into the data to be sent; throws NotSealed with what is missing. */
export async function pack(form, say, data) {
  const fields = read(form, say);
  data.set("claim_envelope", await sealed({ form, say, anchor: "", binding: form.dataset.binding, field: "claim", fields }));
}

/** Takes over what was typed into a form that the answer has replaced: the server never saw it. */
export function adopt(form, old) {
  for (const input of inputs(old)) inputs(form).find(({ dataset }) => dataset.seal === input.dataset.seal).value = input.value;
  const code = form.elements.claim_code;
  form.querySelector("[data-consent]").checked = old.querySelector("[data-consent]").checked;
  if (code && old.elements.claim_code) code.value = old.elements.claim_code.value;
}

function inputs(form) { return [...form.querySelectorAll("[data-seal]")]; }

function read(form, say) {
  const typed = Object.fromEntries(inputs(form).map((input) => [input.dataset.seal, input.value.normalize("NFKC").trim()]));
  const fields = { ...typed, id_number: typed.id_number.replace(/[\s-]/g, "").toUpperCase(), account: typed.account.replace(/[\s-]/g, "") };
  const wrong = Object.keys(RIGHT).filter((name) => !RIGHT[name][0].test(fields[name]));
  for (const input of inputs(form)) input.setAttribute("aria-invalid", String(wrong.includes(input.dataset.seal)));
  const faults = wrong.map((name) => ({ anchor: name, text: RIGHT[name][1](say) }));
  if (!form.querySelector("[data-consent]").checked) faults.push({ anchor: "consent", text: say("claim_consent") });
  if (faults.length) throw new NotSealed(faults);
  return fields;
}
