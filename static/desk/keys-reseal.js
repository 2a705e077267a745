// Moves what is sealed to the new key: batches out, opened and sealed again here, back. A new start goes on.
import { Refused, bundle, onPress, openedKey, page, part, report, say, word } from "./keys.js";
import { BREAKS, ask, post } from "./vault.js";

const { url, publicKey, fingerprint, sourceFingerprint } = page.dataset;
const [source, target, all] = [page.dataset.source, page.dataset.target, page.dataset.left].map(Number);
// A run that broke off for want of an answer or a password goes on with the key that is open, for so long.
const KEPT_MS = 10 * 60_000;
let kept = null;
const fresh = () => ({ stuck: new Set(), heldBack: new Set(), filesGone: new Set() });
// What is small enough to move in batches, and the door each goes back through.
const ENVELOPES = { identity: "identities", claim: "claims" };
const state = { moved: 0, left: all, isStopping: false, ...fresh() };
// What the server keeps back although the run goes on, by its code.
const KEPT_BACK = { misplaced: "heldBack", original_gone: "filesGone" };

onPress("start", async () => {
  const tools = await bundle();
  if ((await tools.fingerprintOf(publicKey)) !== fingerprint) throw new Refused("other-key");
  const { seed, vault, fingerprint: own } = taken() ?? (await openedKey(tools));
  try {
    if (vault !== source || own !== sourceFingerprint) throw new Refused("other-vault");
    await post(`${url}start/`);
    await moveAll({ tools, seed });
    await tools.forgetSeed({ seed });
  } catch (error) {
    if (BREAKS.has(error.code)) keep(tools, { seed, vault, fingerprint: own });
    else await tools.forgetSeed({ seed });
    throw error;
  } finally {
    part("stop").hidden = true;
  }
});

function keep(tools, opened) {
  kept = { opened, timer: setTimeout(() => tools.forgetSeed({ seed: taken().seed }), KEPT_MS) };
}

function taken() {
  const { opened, timer } = kept ?? {};
  clearTimeout(timer);
  kept = null;
  return opened;
}

part("stop").addEventListener("click", () => { state.isStopping = true; });

async function moveAll(with_) {
  const cursor = { identity: 0, claim: 0, original: 0 };
  Object.assign(state, { isStopping: false, ...fresh() });
  part("stop").hidden = false;
  while (!state.isStopping && state.left) {
    const items = await next(cursor);
    progress();
    if (!items.length) break;
    await moveBatch(items, with_);
    cursor[items[0].kind] = items.at(-1).cursor;
    progress();
  }
  if (state.isStopping) say(word("stopped", { moved: state.moved }));
  else say(word(state.left ? "movedRest" : "movedAll", { moved: state.moved, left: state.left }));
}

async function next(cursor) {
  const answer = await ask(`${url}next/?${new URLSearchParams(cursor)}`, { byItself: true });
  const { items, held_back: heldBack } = await answer.json();
  for (const sha256 of heldBack) state.heldBack.add(sha256);
  return items;
}

async function moveBatch(items, with_) {
  if (items[0].kind in ENVELOPES) return moveEnvelopes(items, with_);
  for (const item of items) if (!state.isStopping) await keptBack(item, () => moveOriginal(item, with_));
}

async function moveEnvelopes(items, { tools, seed }) {
  const moves = [];
  for (const { key, binding, field, envelope, sha256, cursor } of items) {
    const order = { seed, envelope, binding, field, publicKey, vault: target };
    const again = await orStuck(key, () => tools.resealEnvelope(order));
    if (again) moves.push({ cursor, before: sha256, envelope: again });
  }
  if (moves.length) await take(sent(`${url}${ENVELOPES[items[0].kind]}/`, JSON.stringify(moves), { "Content-Type": "application/json" }));
}

async function moveOriginal({ key, binding, field, sha256 }, { tools, seed }) {
  const address = `${url}original/${key}/`;
  const again = await orStuck(key, async () => {
    const sealed = new Uint8Array(await (await ask(address, { byItself: true })).arrayBuffer());
    if ((await tools.sha256Of(sealed)) !== sha256) throw new Refused("does-not-open");
    return tools.resealFile({ seed, sealed, binding, field, publicKey, vault: target });
  });
  const headers = { "Content-Type": "application/octet-stream", "X-Sealed-Before": sha256 };
  if (again) await take(sent(address, again, headers));
}

/** What does not open holds nobody up: it is counted, stays as it is, and a new start tries it again. */
async function orStuck(key, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused && error.code !== "does-not-open") throw error;
    await report(error.code);
    state.stuck.add(key);
    return null;
  }
}

/** What the server will not hand out holds nobody up either; it has put that on record itself. */
async function keptBack({ sha256 }, work) {
  try {
    await work();
  } catch (error) {
    const name = KEPT_BACK[error.code];
    if (!name) throw error;
    state[name].add(sha256);
  }
}

const sent = (address, body, headers) => ask(address, { method: "POST", body, headers, byItself: true });

async function take(answer) {
  const { moved, left } = await (await answer).json();
  Object.assign(state, { moved: state.moved + moved, left });
  progress();
}

function progress() {
  part("bar").value = all - state.left;
  say(word("moved", { moved: state.moved, left: state.left }));
  const said = Object.keys(fresh()).filter((name) => state[name].size);
  part("stuck").textContent = said.map((name) => word(name, { n: state[name].size })).join(" ");
}
