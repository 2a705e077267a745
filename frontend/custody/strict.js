// JSON objects of a fixed shape from strangers: one spelling, these keys and no others, no key twice.

import { SealError } from "../bytes.js";

/** Returns the object; white space between its parts may differ, nothing else. Values hold no white space. */
export function strictObject(text, { maxChars, keys, code }) {
  if (typeof text !== "string" || text.length > maxChars) throw new SealError(code, "not text, or too long");
  let raw;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new SealError(code, "not JSON");
  }
  // Also catches a key that stands twice, 1.0 for 1 and a list.
  if (JSON.stringify(raw) !== text.replace(/[ \t\r\n]/g, "")) throw new SealError(code, "not in its one spelling");
  const same = raw !== null && typeof raw === "object" && Object.keys(raw).sort().join() === [...keys].sort().join();
  if (!same) throw new SealError(code, "missing or unknown entries");
  return raw;
}
