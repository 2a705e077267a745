// One custodian opens the own key file and wraps one for another; it is on its way until that one shows to have it.
import { Refused, bundle, chosenPassphrase, clear, fileName, finish, onPress, openedKey, part, recorded, saveKeyFile } from "./keys.js";

const vaults = JSON.parse(document.getElementById("key-vaults").textContent);
// What was made stays until it is recorded: a server that did not answer costs no second start.
let wrapped = null;

onPress("wrap", async () => {
  const tools = await bundle();
  const holder = part("holder").value;
  if (!holder) throw new Refused("no-person");
  wrapped ??= await wrap(tools);
  const { seed, vault, fingerprint } = wrapped;
  const values = { version: vault, fingerprint, holder };
  const { username } = await recorded(tools, { seed, values, drop: () => { wrapped = null; } });
  wrapped.name = fileName(vault, username);
  finish();
});

/** Whoever wraps a file for another one does not learn what opens it. */
const sameWords = (one, two) => one.normalize("NFKC") === two.normalize("NFKC");

async function wrap(tools) {
  const passphrase = chosenPassphrase();
  if (sameWords(passphrase, part("pass").value)) throw new Refused("same-passphrase");
  const { seed, vault, fingerprint } = await openedKey(tools);
  try {
    const known = vaults.find((one) => one.version === vault);
    if (known?.fingerprint !== fingerprint) throw new Refused("other-vault");
    const text = await tools.wrapKeyFile({ seed, passphrase });
    clear(part("pass-one"), part("pass-two"));
    return { seed, vault, fingerprint, text };
  } catch (error) {
    await tools.forgetSeed({ seed });
    throw error;
  }
}

onPress("save", () => saveKeyFile(wrapped.name, wrapped.text));
