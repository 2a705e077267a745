// Two sheets of words make a new key file for the custodian who is signed in.
import { bundle, chosenPassphrase, clear, fileName, finish, onPress, page, part, post, saveFile } from "./keys.js";

let made = null;

onPress("recover", async () => {
  const tools = await bundle();
  const passphrase = chosenPassphrase();
  const vault = Number(part("vault").value);
  const { fingerprint } = part("vault").selectedOptions[0].dataset;
  const sheets = [part("one").value, part("two").value].filter((text) => text.trim());
  const { seed } = await tools.recoverSeed({ sheets, vault, fingerprint });
  try {
    const text = await tools.wrapKeyFile({ seed, passphrase });
    await post({ version: vault, fingerprint });
    made = { name: fileName(vault, page.dataset.person), text };
  } finally {
    await tools.forgetSeed({ seed });
  }
  clear(part("one"), part("two"), part("pass-one"), part("pass-two"));
  finish();
});

onPress("save", () => saveFile(made.name, made.text));
