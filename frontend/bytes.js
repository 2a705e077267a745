// What sealing and opening share: the one error class, base64 with a single spelling, and arrays of bytes.

/** Every failure of these bundles on purpose: `code` is for the page's words, the message never holds a secret. */
export class SealError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "SealError";
    this.code = code;
  }
}

export function requireSubtle() {
  if (!globalThis.crypto?.subtle) throw new SealError("insecure-context", "crypto.subtle is missing");
}

/** Returns the parts as one new array; the parts stay as they are. */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

export function encodeBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Returns the bytes of canonical base64, or throws SealError with the caller's code. */
export function decodeBase64(text, code) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new SealError(code, "not base64");
  }
  if (btoa(binary) !== text) throw new SealError(code, "not canonical base64");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Overwrites what JavaScript lets us overwrite; copies the engine made are out of reach. */
export function wipe(...arrays) {
  for (const array of arrays) array?.fill(0);
}
