// Opens what hpke.js and Python seal: envelopes as JSON from anybody, and the texts inside, which the sender chose.

import { SealError, decodeBase64 } from "../bytes.js";
import { MAX_VAULT, PADDED_BYTES, SUITE, infoBytes, isWhole, newSuite } from "../hpke.js";
import { bytesOf, pairOf } from "./seeds.js";
import { strictObject } from "./strict.js";

export const ENC_BYTES = 1120;
export const OVERHEAD_BYTES = ENC_BYTES + 16;
const MAX_ENVELOPE_CHARS = 3072;
const TEXT = String.raw`"((?:[^"\\\u0000-\u001f]|\\.)*)"`;
const GAP = String.raw`[ \t\r\n]*`; // what JSON calls white space: \s is more
const EMPTY = new RegExp(`^{${GAP}}$`);
const MEMBER = new RegExp(`${GAP}${TEXT}${GAP}:${GAP}${TEXT}${GAP}(,|})`, "y");

/** Returns the plain bytes; a wrong key, another place and an altered seal look alike. */
export async function openSealed(seed, sealed, info) {
  if (sealed.length < OVERHEAD_BYTES) throw new SealError("does-not-open", "too short");
  const hpke = newSuite();
  try {
    const { privateKey } = await pairOf(bytesOf(seed));
    const enc = sealed.slice(0, ENC_BYTES);
    const recipient = await hpke.createRecipientContext({ recipientKey: privateKey, enc, info });
    return new Uint8Array(await recipient.open(sealed.slice(ENC_BYTES)));
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError("does-not-open", "wrong key, other place, or altered");
  }
}

/** Reads the JSON of an envelope whose vault version lies in `least` and up; throws "bad-envelope". */
export function readEnvelope(text, least = 1) {
  const raw = strictObject(text, { maxChars: MAX_ENVELOPE_CHARS, keys: ["v", "suite", "vault", "ct"], code: "bad-envelope" });
  const { v, suite, vault } = raw;
  if (v !== 1 || suite !== SUITE) throw new SealError("bad-envelope", "unknown version or suite");
  if (!Number.isInteger(vault) || vault < least || vault > MAX_VAULT) throw new SealError("bad-envelope", "bad vault version");
  const ct = decodeBase64(typeof raw.ct === "string" ? raw.ct : "", "bad-envelope");
  if (!PADDED_BYTES.includes(ct.length - OVERHEAD_BYTES)) throw new SealError("bad-envelope", "no sealed fields have this length");
  return { suite, vault, ct };
}

/** Returns the padded plain bytes of an envelope's text. */
export async function openEnvelope({ seed, envelope, binding, field, least = 1 }) {
  const { suite, vault, ct } = readEnvelope(envelope, least);
  requireSameVault(seed, vault);
  return openSealed(seed, ct, infoBytes({ suite, vault, binding, field }));
}

export function requireSameVault(seed, vault) {
  bytesOf(seed);
  if (seed.vault !== vault) throw new SealError("other-vault", `sealed for vault ${vault}, the key is of vault ${seed.vault}`);
}

/** Returns the flat object of texts in padded plain bytes; throws "bad-content" for anything else. */
export function fieldsIn(plain) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  } catch {
    throw new SealError("bad-content", "the sealed text is not UTF-8");
  }
  return EMPTY.test(text) ? {} : Object.fromEntries(members(text));
}

// JSON.parse keeps the last of two equal keys: the sender could show two readers different names.
function members(text) {
  const found = new Map();
  if (!text.startsWith("{")) throw new SealError("bad-content", "not an object of texts");
  MEMBER.lastIndex = 1;
  for (let end = ","; end !== "}"; ) {
    const match = MEMBER.exec(text);
    if (!match) throw new SealError("bad-content", "not an object of texts");
    const [key, value] = [decoded(match[1]), decoded(match[2])];
    if (found.has(key)) throw new SealError("bad-content", "a key stands twice");
    found.set(key, value);
    end = match[3];
    if (end === "}" && MEMBER.lastIndex !== text.length) throw new SealError("bad-content", "text after the object");
  }
  return found;
}

function decoded(literal) {
  let text;
  try {
    text = JSON.parse(`"${literal}"`);
  } catch {
    throw new SealError("bad-content", "not a JSON text");
  }
  if (!isWhole(text)) throw new SealError("bad-content", "half a character");
  return text;
}
