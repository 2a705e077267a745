// Seals a reporter's identity to the vault inside the browser, byte for byte as complaints/crypto/envelope.py opens it.
//
// Nothing here stores, logs or sends anything; the caller gets the envelope's JSON.
// Every failure is a SealError whose `code` is one of: "insecure-context" (no
// crypto.subtle: the page is not HTTPS), "bad-key", "bad-input", "too-long".

import { encodeBase64, requireSubtle } from "./bytes.js";
import { decodeKey, fingerprintOfKey, infoBytes, paddedJson, requireVault, seal } from "./hpke.js";

/** Returns the envelope as JSON text. `publicKey` is base64, `fields` a flat object of texts. */
export async function sealIdentity({ publicKey, vault, suite, binding, field, fields }) {
  requireSubtle();
  requireVault(vault);
  const info = infoBytes({ vault, suite, binding, field });
  const sealed = await seal(decodeKey(publicKey), paddedJson(fields), info);
  return JSON.stringify({ v: 1, suite, vault, ct: encodeBase64(sealed) });
}

/** Returns the SHA-256 of the key as 16 groups of four hex digits, as the settings pin it. */
export async function fingerprintOf(publicKeyBase64) {
  requireSubtle();
  return fingerprintOfKey(decodeKey(publicKeyBase64));
}
