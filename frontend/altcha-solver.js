// Solves a proof-of-work challenge of the Python package altcha 2.x (its v2 format) in a worker.
//
// In:  postMessage(challenge), the challenge's JSON as object or text.
// Out: {payload: "<base64>"} to send with the form, or {error: code, message}, where code
//      is "insecure-context" (no crypto.subtle: the page is not HTTPS), "malformed",
//      "unsupported" (another algorithm) or "timeout".
// The caller stops the work with worker.terminate(). Written for WebCrypto because the
// solver of npm's altcha-lib 2.8 needs Node's crypto.

const TIMEOUT_MS = 90_000;
const AT_ONCE = 4; // WebCrypto answers from a thread pool: keeps it busy without flooding it
const MAX_COUNTER = 2 ** 32;
const DIGESTS = ["SHA-256", "SHA-384", "SHA-512"];
const HEX = /^(?:[0-9a-f]{2})+$/i;

class SolverError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ payload: await payloadFor(data) });
  } catch (error) {
    const code = error instanceof SolverError ? error.code : "malformed";
    postMessage({ error: code, message: error.message });
  }
});

async function payloadFor(data) {
  if (!globalThis.crypto?.subtle) throw new SolverError("insecure-context", "crypto.subtle is missing");
  const challenge = typeof data === "string" ? JSON.parse(data) : data;
  const puzzle = read(challenge?.parameters);
  const solution = await solve(puzzle);
  const json = JSON.stringify({ challenge, solution });
  return btoa(Array.from(new TextEncoder().encode(json), (byte) => String.fromCharCode(byte)).join(""));
}

function read(parameters) {
  const { algorithm, nonce, salt, cost, keyLength = 32, keyPrefix = "00" } = parameters ?? {};
  const wellFormed =
    [nonce, salt].every((text) => HEX.test(text)) &&
    [cost, keyLength].every((number) => Number.isInteger(number) && number > 0) &&
    /^[0-9a-f]+$/i.test(keyPrefix) &&
    keyPrefix.length <= keyLength * 2;
  if (!wellFormed) throw new SolverError("malformed", "the challenge is malformed");
  const derive = deriver(String(algorithm), { salt: bytesOf(salt), cost, keyLength });
  return { nonce: bytesOf(nonce), prefix: keyPrefix.toLowerCase(), derive };
}

function deriver(algorithm, options) {
  const [name, digest] = algorithm.startsWith("PBKDF2/") ? algorithm.split("/") : ["SHA", algorithm];
  if (!DIGESTS.includes(digest)) throw new SolverError("unsupported", `cannot solve ${algorithm}`);
  return name === "PBKDF2" ? pbkdf2(digest, options) : repeatedHash(digest, options);
}

function pbkdf2(hash, { salt, cost, keyLength }) {
  const parameters = { name: "PBKDF2", hash, salt, iterations: cost };
  return async (password) => {
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    return crypto.subtle.deriveBits(parameters, key, keyLength * 8);
  };
}

function repeatedHash(digest, { salt, cost, keyLength }) {
  return async (password) => {
    let hash = new Uint8Array([...salt, ...password]);
    for (let round = 0; round < cost; round += 1) hash = await crypto.subtle.digest(digest, hash);
    return hash.slice(0, keyLength);
  };
}

async function solve({ nonce, prefix, derive }) {
  const started = performance.now();
  for (let counter = 0; counter < MAX_COUNTER && performance.now() - started < TIMEOUT_MS; counter += AT_ONCE) {
    const keys = await Promise.all(Array.from({ length: AT_ONCE }, (_, step) => derive(password(nonce, counter + step))));
    const derivedKeys = keys.map(hexOf);
    const hit = derivedKeys.findIndex((key) => key.startsWith(prefix));
    if (hit >= 0) return { counter: counter + hit, derivedKey: derivedKeys[hit], time: performance.now() - started };
  }
  throw new SolverError("timeout", "no solution found in time");
}

function password(nonce, counter) {
  const bytes = new Uint8Array(nonce.length + 4);
  bytes.set(nonce);
  new DataView(bytes.buffer).setUint32(nonce.length, counter);
  return bytes;
}

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

function hexOf(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
