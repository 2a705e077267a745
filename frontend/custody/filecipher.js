// Original files of complaints/crypto/filecipher.py: a random AES-256-GCM key per file, wrapped by HPKE. Up to 20 MiB, in memory.

import { SealError, joined, wipe } from "../bytes.js";
import { MAX_VAULT, SUITE, infoBytes, seal } from "../hpke.js";
import { OVERHEAD_BYTES, openSealed, requireSameVault } from "./opening.js";

const MAGIC = [0x41, 0x4e, 0x53, 0x46]; // "ANSF"
const VERSION = 1;
const HEADER_BYTES = 9;
const FILE_KEY_BYTES = 32;
const BODY_START = HEADER_BYTES + OVERHEAD_BYTES + FILE_KEY_BYTES;
const NONCE_BYTES = 12;

/** Returns the file sealed for one key, tip and field. */
export async function sealFile({ publicKey, vault, data, binding, field }) {
  const info = infoBytes({ suite: SUITE, vault, binding, field });
  const fileKey = crypto.getRandomValues(new Uint8Array(FILE_KEY_BYTES));
  const head = joined(headerFor(vault), await seal(publicKey, fileKey, info));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await imported(fileKey);
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: joined(head, info) }, key, data);
  return joined(head, nonce, new Uint8Array(body));
}

/** Returns the original bytes. */
export async function openFile({ seed, sealed, binding, field }) {
  const vault = vaultIn(sealed);
  requireSameVault(seed, vault);
  const info = infoBytes({ suite: SUITE, vault, binding, field });
  const head = sealed.slice(0, BODY_START);
  const key = await imported(await openSealed(seed, head.subarray(HEADER_BYTES), info));
  const iv = sealed.subarray(BODY_START, BODY_START + NONCE_BYTES);
  try {
    const options = { name: "AES-GCM", iv, additionalData: joined(head, info) };
    return new Uint8Array(await crypto.subtle.decrypt(options, key, sealed.subarray(BODY_START + NONCE_BYTES)));
  } catch {
    throw new SealError("does-not-open", "altered");
  }
}

/** Returns the version of the key that opens the file; throws "bad-file" for other bytes. */
export function vaultIn(sealed) {
  if (!(sealed instanceof Uint8Array) || sealed.length < BODY_START + NONCE_BYTES) throw new SealError("bad-file", "too short");
  const vault = new DataView(sealed.buffer, sealed.byteOffset).getUint32(5);
  const ours = MAGIC.every((byte, index) => sealed[index] === byte) && sealed[4] === VERSION && vault <= MAX_VAULT;
  if (!ours) throw new SealError("bad-file", "not a sealed file");
  return vault;
}

function headerFor(vault) {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  header[4] = VERSION;
  new DataView(header.buffer).setUint32(5, vault);
  return header;
}

async function imported(fileKey) {
  if (fileKey.length !== FILE_KEY_BYTES) throw new SealError("does-not-open", "the wrapped key has another length");
  const key = await crypto.subtle.importKey("raw", fileKey, "AES-GCM", false, ["encrypt", "decrypt"]);
  wipe(fileKey);
  return key;
}
