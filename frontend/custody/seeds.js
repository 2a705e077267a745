// Secret keys as handles: the page can pass one back to this bundle, but cannot read, print or store its bytes.

import { SealError, wipe } from "../bytes.js";
import { fingerprintOfKey, newSuite, requireVault } from "../hpke.js";

export const SEED_BYTES = 32;
const SEEDS = new WeakMap();

/** Takes the array over: it is wiped by `forget`. `vault` is the version of the key, 0 when it is not a vault's. */
export function keep(bytes, vault) {
  if (bytes.length !== SEED_BYTES) throw new SealError("bad-key", "a seed has 32 bytes");
  const seed = Object.freeze({ vault });
  SEEDS.set(seed, bytes);
  return seed;
}

export function bytesOf(seed) {
  const bytes = SEEDS.get(seed);
  if (!bytes) throw new SealError("no-key", "no opened key: it was forgotten or never there");
  return bytes;
}

export function vaultOf(seed) {
  bytesOf(seed);
  return seed.vault;
}

export function requireVaultSeed(seed) {
  requireVault(vaultOf(seed));
}

export function forget(seed) {
  wipe(SEEDS.get(seed));
  SEEDS.delete(seed);
}

export async function pairOf(seedBytes) {
  const { kem } = newSuite();
  return kem.generateKeyPairDerand(seedBytes.slice());
}

export async function publicKeyOf(seedBytes) {
  const { kem } = newSuite();
  const { publicKey } = await pairOf(seedBytes);
  return new Uint8Array(await kem.serializePublicKey(publicKey));
}

export async function fingerprintOfSeed(seedBytes) {
  return fingerprintOfKey(await publicKeyOf(seedBytes));
}
