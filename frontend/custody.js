// What a custodian's browser does with the vault's secret key: make, wrap, share out, open, seal again. And the
// one-time note by which the asker learns what was opened.
//
// Nothing here stores, logs or sends anything. Secret keys are handles (`seed`) whose bytes never leave this module
// but inside a key file, on sheets, or as the note key a tab keeps for itself. Every failure is a SealError with one
// of the codes below; its message holds no secret.
//
//   insecure-context  the page is not HTTPS            unexpected       a fault of the program
//   short-passphrase  under 15 characters, or 5 kinds  bad-input        a value no honest page passes
//   bad-key-file      malformed, or not ours           wrong-passphrase or the file was altered
//   bad-key           unusable public key              no-key           the handle was forgotten
//   bad-envelope      malformed envelope or note       bad-file         malformed sealed file
//   other-vault       sealed for another version       does-not-open    other key, other place, or altered
//   bad-content       opens, but holds no fields       too-long         fields over 1 024 bytes
//   unknown-word      not on the SLIP-39 list          bad-sheet        mistyped, altered, or of another length
//   too-few-sheets    one sheet alone                  too-many-sheets  more than it takes
//   same-sheet        one sheet twice                  sheets-differ    sheets of two sets
//   other-key         opens, but another key than the one expected

import { SealError, decodeBase64, encodeBase64, requireSubtle, wipe } from "./bytes.js";
import { openFile, sealFile } from "./custody/filecipher.js";
import { labelOf, unwrap, wrap } from "./custody/keyfile.js";
import { fieldsIn, openEnvelope } from "./custody/opening.js";
import { SEED_BYTES, bytesOf, fingerprintOfSeed, forget, keep, publicKeyOf, requireVaultSeed } from "./custody/seeds.js";
import { combine, split } from "./custody/slip39.js";
import { SUITE, decodeKey, fingerprintOfKey, infoBytes, paddedJson, requireVault, seal } from "./hpke.js";

const SHEETS = { threshold: 2, count: 3 };
const NOTE_VAULT = 0; // the asker's key is no vault's
const NOTE_FIELD = "note";
const PROOF_FIELD = "possession";
const BATCH_FIELD = "batch";

export { SealError };

/** Makes a vault: {seed, publicKey (base64), fingerprint, keyFile (text), sheets (three texts of 33 words)}. Call `forgetSeed` when done. */
export const newVault = coded(async ({ vault, passphrase }) => {
  requireVault(vault);
  const bytes = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  const seed = keep(bytes, vault);
  try {
    const keyFile = await wrap(seed, passphrase);
    const publicKey = await publicKeyOf(bytes);
    const sheets = await split(bytes, SHEETS);
    return { seed, publicKey: encodeBase64(publicKey), fingerprint: await fingerprintOfKey(publicKey), keyFile, sheets };
  } catch (error) {
    forget(seed);
    throw error;
  }
});

/** Opens a key file: {seed, vault, fingerprint, publicKey}. Call `forgetSeed` when done. */
export const unwrapKeyFile = coded(async ({ text, passphrase }) => {
  const opened = await unwrap(text, passphrase);
  return { ...opened, publicKey: encodeBase64(await publicKeyOf(bytesOf(opened.seed))) };
});

/** Returns the text of a key file for an opened seed under another passphrase. */
export const wrapKeyFile = coded(async ({ seed, passphrase }) => wrap(seed, passphrase));

/** Returns {vault, fingerprint} as a key file claims them, before any passphrase. */
export const describeKeyFile = coded(async ({ text }) => labelOf(text));

/** Overwrites the secret key behind a handle. */
export const forgetSeed = coded(async ({ seed }) => forget(seed));

/** Recovers the key of two sheets; it must be the one with `fingerprint`: {seed, vault, fingerprint}. */
export const recoverSeed = coded(async ({ sheets, vault, fingerprint }) => {
  requireVault(vault);
  const bytes = await combine(sheets);
  const same = bytes.length === SEED_BYTES && (await fingerprintOfSeed(bytes)) === fingerprint;
  if (!same) {
    wipe(bytes);
    throw new SealError("other-key", "the sheets belong to another key");
  }
  return { seed: keep(bytes, vault), vault, fingerprint };
});

/** Returns the fields of an envelope (JSON text). */
export const openIdentity = coded(async ({ seed, envelope, binding, field = "identity" }) => {
  requireVaultSeed(seed);
  const plain = await openEnvelope({ seed, envelope, binding, field });
  const fields = fieldsIn(plain);
  wipe(plain);
  return fields;
});

/** Returns the bytes of an original; `sealed` is a Uint8Array. */
export const openOriginal = coded(async ({ seed, sealed, binding, field = "original" }) => {
  requireVaultSeed(seed);
  return openFile({ seed, sealed, binding, field });
});

/** Returns the envelope sealed again for another vault; the plain text never leaves this function. */
export const resealEnvelope = coded(async ({ seed, envelope, binding, field, publicKey, vault }) => {
  requireVaultSeed(seed);
  requireVault(vault);
  const plain = await openEnvelope({ seed, envelope, binding, field });
  const sealed = await seal(decodeKey(publicKey), plain, infoBytes({ suite: SUITE, vault, binding, field }));
  wipe(plain);
  return envelopeText(vault, sealed);
});

/** Returns the original sealed again for another vault, with a fresh file key. */
export const resealFile = coded(async ({ seed, sealed, binding, field = "original", publicKey, vault }) => {
  requireVaultSeed(seed);
  requireVault(vault);
  const data = await openFile({ seed, sealed, binding, field });
  const again = await sealFile({ publicKey: decodeKey(publicKey), vault, data, binding, field });
  wipe(data);
  return again;
});

/** Makes the asker's key for one note: {publicKey, secret}, both base64. `secret` belongs in memory or sessionStorage only. */
export const newNoteKey = coded(async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  const pair = { publicKey: encodeBase64(await publicKeyOf(bytes)), secret: encodeBase64(bytes) };
  wipe(bytes);
  return pair;
});

/** Seals fields to an asker; `binding` is the request's public id. Returns the note as JSON text. */
export const sealNote = coded(async ({ recipientPublicKey, binding, fields }) => {
  const info = infoBytes({ suite: SUITE, vault: NOTE_VAULT, binding, field: NOTE_FIELD });
  return envelopeText(NOTE_VAULT, await seal(decodeKey(recipientPublicKey), paddedJson(fields), info));
});

/** Returns the fields of a note. */
export const openNote = coded(async ({ secret, note, binding }) =>
  withNoteKey(secret, async (seed) =>
    fieldsIn(await openEnvelope({ seed, envelope: note, binding, field: NOTE_FIELD, least: NOTE_VAULT })),
  ),
);

/** Returns the bytes of a file the server sealed to a note key: the payment batch of a payer's tab. */
export const openBatch = coded(async ({ secret, sealed, binding }) =>
  withNoteKey(secret, (seed) => openFile({ seed, sealed, binding, field: BATCH_FIELD })),
);

/** Returns the number the server sealed to a vault's key, to prove that it is held here. Opens nothing else: the field is fixed. */
export const openChallenge = coded(async ({ seed, envelope, binding }) => {
  requireVaultSeed(seed);
  const { nonce } = fieldsIn(await openEnvelope({ seed, envelope, binding, field: PROOF_FIELD }));
  return nonce;
});

/** Returns the fingerprint of a public key in base64. */
export const fingerprintOf = coded(async (publicKey) => fingerprintOfKey(decodeKey(publicKey)));

/** Returns the SHA-256 of bytes as 64 hex digits. */
export const sha256Of = coded(async (bytes) => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
});

async function withNoteKey(secret, use) {
  const seed = keep(decodeBase64(secret, "bad-key"), NOTE_VAULT);
  try {
    return await use(seed);
  } finally {
    forget(seed);
  }
}

function envelopeText(vault, sealed) {
  return JSON.stringify({ v: 1, suite: SUITE, vault, ct: encodeBase64(sealed) });
}

function coded(work) {
  return async (order) => {
    requireSubtle();
    try {
      return await work(order);
    } catch (error) {
      throw error instanceof SealError ? error : new SealError("unexpected", error.name);
    }
  };
}
