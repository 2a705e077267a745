// Seals fields to the bureau's vault on this phone: fetches the key, compares it with the pin of the page, seals.
import { Offline } from "./send.js";

/** It is not sent; `faults` say why, each with the field it is about. */
export class NotSealed extends Error {
  constructor(faults) {
    super("not sealed");
    this.faults = faults;
  }
}

/** Fetched early, so that sealing does not have to wait for it. */
export function warm() { tools().catch(() => {}); }

/** Returns the envelope of `fields` as JSON text; `form` names the API and the pinned fingerprint. */
export async function sealed({ form, say, anchor, binding, field, fields }) {
  const vault = await fetchVault({ form, say, anchor });
  const { sealIdentity, fingerprintOf } = await tools();
  try {
    const fingerprint = await fingerprintOf(vault.public_key);
    if (fingerprint !== form.dataset.pin) throw new NotSealed([{ anchor, text: say("otherKey") }]);
    return await sealIdentity({ publicKey: vault.public_key, vault: vault.version, suite: vault.suite, binding, field, fields });
  } catch (error) {
    if (error instanceof NotSealed) throw error;
    throw new NotSealed([{ anchor, text: say("cannotSeal") }]);
  }
}

async function fetchVault({ form, say, anchor }) {
  let answer;
  try {
    answer = await fetch(`${form.dataset.api}vault`, { cache: "no-store" });
  } catch {
    throw new Offline();
  }
  if (!answer.ok) throw new NotSealed([{ anchor, text: say("noVault") }]);
  return answer.json();
}

async function tools() {
  try {
    return await import("../vendor/seal.min.js");
  } catch {
    throw new Offline();
  }
}
