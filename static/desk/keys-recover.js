// Two sheets of words make a new key file for the custodian who is signed in.
import { bundle, chosenPassphrase, clear, fileName, finish, onPress, page, part, recorded, saveKeyFile } from "./keys.js";

// What was made stays until it is recorded: nobody types two sheets twice because a server did not answer.
let made = null;

onPress("recover", async () => {
  const tools = await bundle();
  made ??= await recovered(tools);
  const { seed, vault, fingerprint } = made;
  await recorded(tools, { seed, values: { version: vault, fingerprint }, drop: () => { made = null; } });
  clear(part("one"), part("two"));
  finish();
});

async function recovered(tools) {
  const passphrase = chosenPassphrase();
  const vault = Number(part("vault").value);
  const { fingerprint } = part("vault").selectedOptions[0].dataset;
  const sheets = [part("one").value, part("two").value].filter((text) => text.trim());
  const { seed } = await tools.recoverSeed({ sheets, vault, fingerprint });
  const text = await tools.wrapKeyFile({ seed, passphrase });
  clear(part("pass-one"), part("pass-two"));
  return { seed, vault, fingerprint, text, name: fileName(vault, page.dataset.person) };
}

onPress("save", () => saveKeyFile(made.name, made.text));
