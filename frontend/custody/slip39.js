// SLIP-39: a secret as sheets of words, of which any two recover it. Checked against the official vectors and
// Python's shamir-mnemonic both ways. Standing rules of the format: GF(256) with x^8+x^4+x^3+x+1, RS1024, PBKDF2 Feistel.

import { SealError, joined, wipe } from "../bytes.js";
import { WORDS } from "./words.js";

const SECRET_INDEX = 255;
const DIGEST_INDEX = 254;
const DIGEST_BYTES = 4;
const CHECK_WORDS = 3;
const HEAD_WORDS = 4;
const MIN_WORDS = 20;
const MIN_SECRET_BYTES = 16;
const ROUNDS = 4;
const ITERATIONS = 10000;
const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
];
const INDEX_OF = new Map(WORDS.map((word, index) => [word, index]));
const [EXP, LOG] = fieldTables();

/** Returns `count` sheets of words of which `threshold` (at least 2) recover the secret; no extra passphrase. */
export async function split(secret, { threshold, count }) {
  const head = { id: randomId(), extendable: true, exponent: 1, group: 0, groupThreshold: 1, groupCount: 1, threshold };
  const encrypted = await feistel(secret, head, [0, 1, 2, 3]);
  const shares = await sharesOf(encrypted, threshold, count);
  wipe(encrypted);
  return shares.map((value, index) => written({ ...head, index, value }));
}

/** Returns the secret of exactly as many sheets as it takes; throws SealError with one of the codes below. */
export async function combine(sheets, passphrase = "") {
  const shares = sheets.map(read);
  requireOneSet(shares);
  const { groupThreshold } = shares[0];
  const groups = groupedBy(shares);
  requireEnough(groups, groupThreshold);
  const points = [];
  for (const [x, members] of groups) points.push({ x, y: await recovered(members.map(point), members[0].threshold) });
  const encrypted = await recovered(points, groupThreshold);
  return feistel(encrypted, shares[0], [3, 2, 1, 0], passphrase);
}

/** Reads one sheet; throws "unknown-word" or "bad-sheet" (wrong length, mistyped or altered). */
export function read(sheet) {
  const indices = indicesOf(sheet);
  const padding = (10 * (indices.length - HEAD_WORDS - CHECK_WORDS)) % 16;
  if (indices.length < MIN_WORDS || padding > 8) throw new SealError("bad-sheet", "wrong number of words");
  const head = headOf(indices);
  if (polymod([...customization(head.extendable), ...indices]) !== 1) throw new SealError("bad-sheet", "the words do not fit together");
  if (head.groupCount < head.groupThreshold) throw new SealError("bad-sheet", "more groups asked for than there are");
  return { ...head, value: valueOf(indices.slice(HEAD_WORDS, -CHECK_WORDS), padding) };
}

function indicesOf(sheet) {
  return String(sheet).normalize("NFKC").toLowerCase().split(/[\s,;.]+/).filter(Boolean).map((word) => {
    if (!INDEX_OF.has(word)) throw new SealError("unknown-word", "a word is not on the list");
    return INDEX_OF.get(word);
  });
}

function headOf([first, second, third, fourth]) {
  const front = first * 1024 + second;
  const back = third * 1024 + fourth;
  return {
    id: front >> 5, extendable: Boolean((front >> 4) & 1), exponent: front & 15,
    group: back >> 16, groupThreshold: ((back >> 12) & 15) + 1, groupCount: ((back >> 8) & 15) + 1,
    index: (back >> 4) & 15, threshold: (back & 15) + 1,
  };
}

function written({ id, extendable, exponent, group, groupThreshold, groupCount, index, threshold, value }) {
  const front = (id << 5) | (Number(extendable) << 4) | exponent;
  const back = (group << 16) | ((groupThreshold - 1) << 12) | ((groupCount - 1) << 8) | (index << 4) | (threshold - 1);
  const data = [front >> 10, front & 1023, back >> 10, back & 1023, ...wordsOf(value)];
  const check = polymod([...customization(extendable), ...data, 0, 0, 0]) ^ 1;
  return [...data, (check >> 20) & 1023, (check >> 10) & 1023, check & 1023].map((one) => WORDS[one]).join(" ");
}

function wordsOf(value) {
  const length = Math.ceil((value.length * 8) / 10);
  let number = value.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const indices = new Array(length);
  for (let place = length - 1; place >= 0; place -= 1, number >>= 10n) indices[place] = Number(number & 1023n);
  return indices;
}

function valueOf(indices, padding) {
  const bytes = new Uint8Array((indices.length * 10 - padding) / 8);
  let number = indices.reduce((sum, index) => sum * 1024n + BigInt(index), 0n);
  for (let place = bytes.length - 1; place >= 0; place -= 1, number >>= 8n) bytes[place] = Number(number & 255n);
  if (number !== 0n) throw new SealError("bad-sheet", "the padding is not empty");
  if (bytes.length < MIN_SECRET_BYTES || bytes.length % 2) throw new SealError("bad-sheet", "wrong length of the secret");
  return bytes;
}

function requireOneSet(shares) {
  if (shares.length === 0) throw new SealError("too-few-sheets", "no sheet");
  const [first, ...others] = shares;
  const same = (name) => others.every((one) => one[name] === first[name]);
  const fits = ["id", "extendable", "exponent", "groupThreshold", "groupCount"].every(same);
  if (!fits || others.some((one) => one.value.length !== first.value.length)) {
    throw new SealError("sheets-differ", "the sheets are not of one set");
  }
}

function requireEnough(groups, groupThreshold) {
  for (const members of groups.values()) {
    if (members.some((one) => one.threshold !== members[0].threshold)) throw new SealError("sheets-differ", "not of one set");
    if (new Set(members.map((one) => one.index)).size < members.length) throw new SealError("same-sheet", "one sheet twice");
    if (members.length < members[0].threshold) throw new SealError("too-few-sheets", "more sheets are needed");
    if (members.length > members[0].threshold) throw new SealError("too-many-sheets", "fewer sheets are enough");
  }
  if (groups.size < groupThreshold) throw new SealError("too-few-sheets", "another group is needed");
  if (groups.size > groupThreshold) throw new SealError("too-many-sheets", "fewer groups are enough");
}

function groupedBy(shares) {
  const groups = new Map();
  for (const one of shares) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

function point({ index, value }) {
  return { x: index, y: value };
}

async function sharesOf(secret, threshold, count) {
  const chosen = Array.from({ length: threshold - 2 }, () => crypto.getRandomValues(new Uint8Array(secret.length)));
  const filling = crypto.getRandomValues(new Uint8Array(secret.length - DIGEST_BYTES));
  const proof = { x: DIGEST_INDEX, y: joined(await digestOf(filling, secret), filling) };
  const base = [...chosen.map((y, x) => ({ x, y })), proof, { x: SECRET_INDEX, y: secret }];
  return Array.from({ length: count }, (_, x) => interpolated(base, x));
}

async function recovered(points, threshold) {
  if (threshold === 1) return points[0].y;
  const secret = interpolated(points, SECRET_INDEX);
  const proof = interpolated(points, DIGEST_INDEX);
  const digest = await digestOf(proof.slice(DIGEST_BYTES), secret);
  if (digest.some((byte, place) => byte !== proof[place])) throw new SealError("sheets-differ", "the digest does not fit");
  return secret;
}

async function digestOf(filling, secret) {
  const key = await crypto.subtle.importKey("raw", filling, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, secret)).slice(0, DIGEST_BYTES);
}

// Lagrange over GF(256): addition is XOR, products go through logarithms modulo 255.
function interpolated(points, x) {
  const known = points.find((one) => one.x === x);
  if (known) return known.y.slice();
  const result = new Uint8Array(points[0].y.length);
  const whole = points.reduce((sum, one) => sum + LOG[one.x ^ x], 0);
  for (const one of points) {
    const below = points.reduce((sum, other) => sum + (other === one ? 0 : LOG[one.x ^ other.x]), 0);
    const basis = (((whole - LOG[one.x ^ x] - below) % 255) + 255) % 255;
    one.y.forEach((byte, place) => {
      if (byte !== 0) result[place] ^= EXP[(LOG[byte] + basis) % 255];
    });
  }
  return result;
}

function fieldTables() {
  const [exp, log] = [new Uint8Array(255), new Uint8Array(256)];
  for (let power = 0, value = 1; power < 255; power += 1) {
    exp[power] = value;
    log[value] = power;
    value ^= value << 1; // times x + 1
    if (value & 0x100) value ^= 0x11b;
  }
  return [exp, log];
}

function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 20;
    check = ((check & 0xfffff) << 10) ^ value;
    for (let bit = 0; bit < 10; bit += 1) if ((top >> bit) & 1) check ^= GENERATOR[bit];
  }
  return check;
}

function customization(extendable) {
  return new TextEncoder().encode(extendable ? "shamir_extendable" : "shamir");
}

function randomId() {
  const [high, low] = crypto.getRandomValues(new Uint8Array(2));
  return ((high << 8) | low) & 0x7fff;
}

async function feistel(secret, { id, extendable, exponent }, rounds, passphrase = "") {
  const half = secret.length / 2;
  const salt = extendable ? new Uint8Array() : joined(customization(false), [id >> 8, id & 255]);
  let [left, right] = [secret.slice(0, half), secret.slice(half)];
  for (const round of rounds) {
    const mask = await roundMask({ round, passphrase, salt: joined(salt, right), exponent, bytes: half });
    [left, right] = [right, left.map((byte, place) => byte ^ mask[place])];
  }
  return joined(right, left);
}

async function roundMask({ round, passphrase, salt, exponent, bytes }) {
  const password = joined([round], new TextEncoder().encode(passphrase));
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const iterations = (ITERATIONS << exponent) / ROUNDS;
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, bytes * 8));
}
