// Moves what is sealed to the new key: batches out, opened and sealed again here, back. A new start goes on.
import { Refusal, bundle, get, onPress, openedKey, page, part, say, send, word } from "./keys.js";

const { url, publicKey, fingerprint, sourceFingerprint } = page.dataset;
const [source, target, all] = [page.dataset.source, page.dataset.target, page.dataset.left].map(Number);
const state = { moved: 0, left: all, stuck: new Set(), isStopping: false };

onPress("start", async () => {
  const tools = await bundle();
  if ((await tools.fingerprintOf(publicKey)) !== fingerprint) throw new Refusal("other-key");
  const { seed, vault, fingerprint: own } = await openedKey(tools);
  try {
    if (vault !== source || own !== sourceFingerprint) throw new Refusal("other-vault");
    await moveAll({ tools, seed });
  } finally {
    await tools.forgetSeed({ seed });
    part("stop").hidden = true;
  }
});

part("stop").addEventListener("click", () => { state.isStopping = true; });

async function moveAll(with_) {
  const cursor = { identity: 0, original: 0 };
  Object.assign(state, { isStopping: false, stuck: new Set() });
  part("stop").hidden = false;
  while (!state.isStopping && state.left) {
    const items = await next(cursor);
    if (!items.length) break;
    await moveBatch(items, with_);
    cursor[items[0].kind] = items.at(-1).cursor;
    progress();
  }
  if (state.isStopping) say(word("stopped", { moved: state.moved }));
  else if (!state.left) say(word("movedAll"));
}

async function next(cursor) {
  const answer = await get(`${url}next/?${new URLSearchParams(cursor)}`);
  return (await answer.json()).items;
}

async function moveBatch(items, with_) {
  if (items[0].kind === "identity") return moveIdentities(items, with_);
  for (const item of items) if (!state.isStopping) await moveOriginal(item, with_);
}

async function moveIdentities(items, { tools, seed }) {
  const moves = [];
  for (const { key, binding, field, envelope, sha256 } of items) {
    const order = { seed, envelope, binding, field, publicKey, vault: target };
    const again = await orStuck(key, () => tools.resealEnvelope(order));
    if (again) moves.push({ number: key, before: sha256, envelope: again });
  }
  if (moves.length) await take(send(`${url}identities/`, JSON.stringify(moves), { "Content-Type": "application/json" }));
}

async function moveOriginal({ key, binding, field, sha256 }, { tools, seed }) {
  const address = `${url}original/${key}/`;
  const again = await orStuck(key, async () => {
    const sealed = new Uint8Array(await (await get(address)).arrayBuffer());
    if ((await tools.sha256Of(sealed)) !== sha256) throw new Refusal("does-not-open");
    return tools.resealFile({ seed, sealed, binding, field, publicKey, vault: target });
  });
  const headers = { "Content-Type": "application/octet-stream", "X-Sealed-Before": sha256 };
  if (again) await take(send(address, again, headers));
}

/** What does not open holds nobody up: it is counted, stays as it is, and a new start tries it again. */
async function orStuck(key, work) {
  try {
    return await work();
  } catch (error) {
    if (["offline", "refused"].includes(error.code)) throw error;
    state.stuck.add(key);
    return null;
  }
}

async function take(answer) {
  const { moved, left } = await (await answer).json();
  Object.assign(state, { moved: state.moved + moved, left });
  progress();
}

function progress() {
  part("bar").value = all - state.left;
  say(word("moved", { moved: state.moved, left: state.left }));
  part("stuck").textContent = state.stuck.size ? word("stuck", { n: state.stuck.size }) : "";
}
