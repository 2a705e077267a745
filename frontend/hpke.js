// The sealed envelope of complaints/crypto/envelope.py: HPKE base mode, X-Wing, HKDF-SHA-256, AES-256-GCM.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { SealError, decodeBase64, joined } from "./bytes.js";

export const SUITE = "xwing-hkdf256-a256gcm";
export const PUBLIC_KEY_BYTES = 1216;
export const PADDED_BYTES = [256, 512, 1024];
export const MAX_VAULT = 2 ** 31 - 1;
const BINDING = /^[!-9;-~]{1,128}$/;
const FIELD = /^[!-~]{1,64}$/;
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
const SPACE = 0x20;

export function newSuite() {
  return new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

/** Returns enc (1 120 bytes) and the ciphertext in one. */
export async function seal(publicKey, plaintext, info) {
  const hpke = newSuite();
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(publicKey);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return joined(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(plaintext)));
  } catch {
    throw new SealError("bad-key", "the vault key is unusable");
  }
}

/** Returns the text that ties a seal to vault, tip and field; vault 0 stands for a key that is not a vault's. */
export function infoBytes({ vault, suite, binding, field }) {
  if (suite !== SUITE) throw new SealError("bad-input", "unknown suite");
  if (!Number.isInteger(vault) || vault < 0 || vault > MAX_VAULT) throw new SealError("bad-input", "bad vault version");
  if (!matches(binding, BINDING) || !matches(field, FIELD)) throw new SealError("bad-input", "bad binding or field");
  return new TextEncoder().encode(`anshao:1:${suite}:${vault}:${binding}:${field}`);
}

/** Refuses the version of a key that is no vault's. */
export function requireVault(vault) {
  if (!Number.isInteger(vault) || vault < 1 || vault > MAX_VAULT) throw new SealError("bad-input", "bad vault version");
}

function matches(text, pattern) {
  return typeof text === "string" && pattern.test(text);
}

/** Returns a flat object of texts as JSON, padded with spaces to 256, 512 or 1 024 bytes. */
export function paddedJson(fields) {
  const entries = Object.entries(fields);
  if (entries.flat().some((text) => !isWhole(text))) throw new SealError("bad-input", "a field is not whole text");
  const json = new TextEncoder().encode(JSON.stringify(fields));
  const size = PADDED_BYTES.find((bytes) => json.length <= bytes);
  if (size === undefined) throw new SealError("too-long", `the fields take ${json.length} bytes`);
  const padded = new Uint8Array(size).fill(SPACE);
  padded.set(json);
  return padded;
}

export function isWhole(text) {
  return typeof text === "string" && !HALF_CHARACTER.test(text);
}

export function decodeKey(text) {
  const key = decodeBase64(text, "bad-key");
  if (key.length !== PUBLIC_KEY_BYTES) throw new SealError("bad-key", "the vault key has the wrong length");
  return key;
}

/** Returns the SHA-256 of the key as 16 groups of four hex digits, as the settings pin it. */
export async function fingerprintOfKey(publicKey) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.match(/.{4}/g).join("-");
}
