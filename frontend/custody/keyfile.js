// The custodian's key file of complaints/crypto/keyfile.py: a vault seed under Argon2id and AES-256-GCM.

import { argon2idAsync } from "@noble/hashes/argon2.js";
import { SealError, decodeBase64, encodeBase64, joined, wipe } from "../bytes.js";
import { isWhole, requireVault } from "../hpke.js";
import { SEED_BYTES, bytesOf, fingerprintOfSeed, keep, requireVaultSeed, vaultOf } from "./seeds.js";
import { strictObject } from "./strict.js";

const KIND = "anshao-custodian-key";
const MIN_PASSPHRASE_CHARS = 15; // NIST SP 800-63B-4, for a secret that stands alone
const MIN_DIFFERENT_CHARS = 5; // fifteen times the same letter is no secret
const MAX_FILE_CHARS = 4096;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const SEALED_BYTES = NONCE_BYTES + SEED_BYTES + 16;
const COST = { memory_kib: 65536, iterations: 3, lanes: 4 }; // RFC 9106 §4, second recommended option
const BOUNDS = { memory_kib: [8192, 262144], iterations: [1, 10], lanes: [1, 8] };
const HEAD = ["v", "kind", "vault", "fingerprint", "kdf", "memory_kib", "iterations", "lanes", "salt"];

/** Returns the text of a key file for an opened seed. */
export async function wrap(seed, passphrase) {
  requireVaultSeed(seed);
  if (!isLongEnough(passphrase)) throw new SealError("short-passphrase", `at least ${MIN_PASSPHRASE_CHARS} characters`);
  if (!isWhole(passphrase)) throw new SealError("bad-input", "the passphrase is not whole text");
  const salt = encodeBase64(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  const fingerprint = await fingerprintOfSeed(bytesOf(seed));
  const head = { v: 1, kind: KIND, vault: vaultOf(seed), fingerprint, kdf: "argon2id", ...COST, salt };
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await keyFor(head, passphrase);
  const sealed = await crypto.subtle.encrypt(gcm(nonce, head), key, bytesOf(seed));
  const body = { ...head, sealed: encodeBase64(joined(nonce, new Uint8Array(sealed))) };
  return `${JSON.stringify(body, null, 1)}\n`;
}

/** Returns the seed as a handle with its vault and fingerprint; a wrong passphrase and an altered file look alike. */
export async function unwrap(text, passphrase) {
  const { head, sealed } = read(text);
  const bytes = await opened(head, sealed, passphrase);
  const fingerprint = await fingerprintOfSeed(bytes);
  if (fingerprint !== head.fingerprint) throw new SealError("bad-key-file", "the fingerprint is not that of the key");
  requireVault(head.vault);
  return { seed: keep(bytes, head.vault), vault: head.vault, fingerprint };
}

/** Tells vault and fingerprint that a key file names, unproven: good to warn early, never to decide. */
export function labelOf(text) {
  const { head } = read(text);
  return { vault: head.vault, fingerprint: head.fingerprint };
}

function isLongEnough(passphrase) {
  const typed = typeof passphrase === "string" ? [...passphrase.normalize("NFKC")] : [];
  return typed.length >= MIN_PASSPHRASE_CHARS && new Set(typed).size >= MIN_DIFFERENT_CHARS;
}

function read(text) {
  const raw = strictObject(text, { maxChars: MAX_FILE_CHARS, keys: [...HEAD, "sealed"], code: "bad-key-file" });
  const { sealed, ...head } = raw;
  const ours = head.v === 1 && head.kind === KIND && head.kdf === "argon2id" && Number.isInteger(head.vault);
  if (!ours) throw new SealError("bad-key-file", "not a custodian key file of this version");
  for (const [name, [low, high]] of Object.entries(BOUNDS)) {
    const fits = Number.isInteger(head[name]) && head[name] >= low && head[name] <= high;
    if (!fits) throw new SealError("bad-key-file", `${name} must be ${low} to ${high}`);
  }
  sized(head.salt, SALT_BYTES);
  return { head, sealed: sized(sealed, SEALED_BYTES) };
}

function sized(text, length) {
  const bytes = decodeBase64(typeof text === "string" ? text : "", "bad-key-file");
  if (bytes.length !== length) throw new SealError("bad-key-file", "an entry has the wrong length");
  return bytes;
}

async function opened(head, sealed, passphrase) {
  const key = await keyFor(head, passphrase);
  const nonce = sealed.subarray(0, NONCE_BYTES);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, head), key, sealed.subarray(NONCE_BYTES)));
  } catch {
    throw new SealError("wrong-passphrase", "the passphrase does not open this key file");
  }
}

function gcm(nonce, head) {
  return { name: "AES-GCM", iv: nonce, additionalData: canonical(head) };
}

function canonical(head) {
  const entries = Object.entries(head).sort(([one], [other]) => (one < other ? -1 : 1));
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
}

// Pure JavaScript and not WebAssembly: the pages' policy allows no code but scripts from files.
async function keyFor(head, passphrase) {
  // Chinese input methods produce full-width letters and spaces at will.
  const password = new TextEncoder().encode(String(passphrase).normalize("NFKC"));
  const cost = { t: head.iterations, m: head.memory_kib, p: head.lanes, dkLen: 32, asyncTick: 20 };
  const raw = await argon2idAsync(password, decodeBase64(head.salt, "bad-key-file"), cost);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  wipe(raw, password);
  return key;
}
