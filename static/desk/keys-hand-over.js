// One custodian opens the own key file and wraps one for another; the file is saved after it was recorded.
import { Refusal, bundle, chosenPassphrase, clear, fileName, finish, onPress, openedKey, part, post, saveFile } from "./keys.js";

const vaults = JSON.parse(document.getElementById("key-vaults").textContent);
let wrapped = null;

onPress("wrap", async () => {
  const tools = await bundle();
  const holder = part("holder").value;
  if (!holder) throw new Refusal("no-person");
  const passphrase = chosenPassphrase();
  const { seed, vault, fingerprint } = await openedKey(tools);
  try {
    const known = vaults.find((one) => one.version === vault);
    if (known?.fingerprint !== fingerprint) throw new Refusal("other-vault");
    const text = await tools.wrapKeyFile({ seed, passphrase });
    const { username } = await post({ version: vault, fingerprint, holder });
    wrapped = { name: fileName(vault, username), text };
  } finally {
    await tools.forgetSeed({ seed });
  }
  clear(part("pass-one"), part("pass-two"));
  finish();
});

onPress("save", () => saveFile(wrapped.name, wrapped.text));
