// Seals a reporter's identity to the vault inside the browser, byte for byte as complaints/crypto/envelope.py opens it.
//
// Nothing here stores, logs or sends anything; the caller gets the envelope's JSON.
// Every failure is a SealError whose `code` is one of: "insecure-context" (no
// crypto.subtle: the page is not HTTPS), "bad-key", "bad-input", "too-long".

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const SUITE = "xwing-hkdf256-a256gcm";
const PUBLIC_KEY_BYTES = 1216;
const PADDED_BYTES = [256, 512, 1024];
const MAX_VAULT = 2 ** 31 - 1;
const BINDING = /^[!-9;-~]{1,128}$/;
const FIELD = /^[!-~]{1,64}$/;
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
const SPACE = 0x20;

class SealError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "SealError";
    this.code = code;
  }
}

/** Returns the envelope as JSON text. `publicKey` is base64, `fields` a flat object of texts. */
export async function sealIdentity({ publicKey, vault, suite, binding, field, fields }) {
  requireSubtle();
  const info = infoBytes({ vault, suite, binding, field });
  const sealed = await seal(decodeKey(publicKey), paddedJson(fields), info);
  return JSON.stringify({ v: 1, suite, vault, ct: encodeBase64(sealed) });
}

/** Returns the SHA-256 of the key as 16 groups of four hex digits, as the settings pin it. */
export async function fingerprintOf(publicKeyBase64) {
  requireSubtle();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", decodeKey(publicKeyBase64)));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.match(/.{4}/g).join("-");
}

async function seal(publicKey, plaintext, info) {
  const hpke = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(publicKey);
    const sender = await hpke.createSenderContext({ recipientPublicKey, info });
    return joined(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(plaintext)));
  } catch {
    throw new SealError("bad-key", "the vault key is unusable");
  }
}

function infoBytes({ vault, suite, binding, field }) {
  if (suite !== SUITE) throw new SealError("bad-input", "unknown suite");
  if (!Number.isInteger(vault) || vault < 1 || vault > MAX_VAULT) throw new SealError("bad-input", "bad vault version");
  if (!matches(binding, BINDING) || !matches(field, FIELD)) throw new SealError("bad-input", "bad binding or field");
  return new TextEncoder().encode(`anshao:1:${suite}:${vault}:${binding}:${field}`);
}

function matches(text, pattern) {
  return typeof text === "string" && pattern.test(text);
}

function paddedJson(fields) {
  const entries = Object.entries(fields);
  if (entries.flat().some((text) => typeof text !== "string" || HALF_CHARACTER.test(text))) {
    throw new SealError("bad-input", "a field is not whole text");
  }
  const json = new TextEncoder().encode(JSON.stringify(fields));
  const size = PADDED_BYTES.find((bytes) => json.length <= bytes);
  if (size === undefined) throw new SealError("too-long", `the fields take ${json.length} bytes`);
  const padded = new Uint8Array(size).fill(SPACE);
  padded.set(json);
  return padded;
}

function requireSubtle() {
  if (!globalThis.crypto?.subtle) throw new SealError("insecure-context", "crypto.subtle is missing");
}

function decodeKey(text) {
  let key;
  try {
    key = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new SealError("bad-key", "the vault key is not base64");
  }
  if (key.length !== PUBLIC_KEY_BYTES) throw new SealError("bad-key", "the vault key has the wrong length");
  return key;
}

function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function encodeBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
