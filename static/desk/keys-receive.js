// A custodian who was handed a key file opens it in the own session: from then on it is on record as received.
import { Refused, bundle, finish, onPress, openedKey, postProven } from "./keys.js";

const vaults = JSON.parse(document.getElementById("key-vaults").textContent);

onPress("receive", async () => {
  const tools = await bundle();
  const { seed, vault, fingerprint } = await openedKey(tools);
  try {
    if (!vaults.some((one) => one.version === vault && one.fingerprint === fingerprint)) throw new Refused("other-vault");
    await postProven(tools, seed, { version: vault });
  } finally {
    await tools.forgetSeed({ seed });
  }
  finish();
});
