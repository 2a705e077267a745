// The receipt: copied, printed, kept as a picture, confirmed. It never leaves the page, and needs no network.
import { element, speaker } from "./dom.js";

const WIDTH = 900;
const HEIGHT = 660;

/** Brings the receipt page to life. */
export function start() {
  const say = speaker();
  const one = (selector) => document.querySelector(selector);
  const tell = (text) => { one("[data-say]").textContent = text; };
  const code = one("[data-code]").dataset.code;
  let isKept = false;

  const warn = (event) => { if (!isKept) event.preventDefault(); };
  addEventListener("beforeunload", warn);
  one("[data-done]").disabled = true;
  one("[data-kept]").checked = false;
  one("[data-kept]").addEventListener("change", ({ target }) => { isKept = target.checked; one("[data-done]").disabled = !isKept; });
  one("[data-copy]").addEventListener("click", async () => tell(say((await copied(code)) ? "copied" : "notCopied")));
  one("[data-print]").addEventListener("click", () => print());
  one("[data-save]").addEventListener("click", async () => { await save(code, one("[data-number]").textContent, say); tell(say("saved")); });
  one("[data-keep]").addEventListener("submit", (event) => {
    event.preventDefault();
    removeEventListener("beforeunload", warn);
    const home = event.target.action;
    document.body.replaceChildren();
    location.replace(home);
  });
  one("h1").focus({ focusVisible: false });
}

async function copied(code) {
  try { await navigator.clipboard.writeText(code); return true; } catch { return false; }
}

/** Hands the picture over as a download, and shows it for browsers that know no downloads. */
async function save(code, number, say) {
  const blob = await new Promise((resolve) => drawn(code, number, say).toBlob(resolve, "image/png"));
  const url = URL.createObjectURL(blob);
  element("a", { download: "anshao.png", href: url }).click();
  const shown = document.querySelector("[data-picture]") ?? element("img", { class: "saved noprint", "data-picture": "", width: WIDTH, height: HEIGHT });
  Object.assign(shown, { src: url, alt: say("title") });
  document.querySelector("[data-say]").after(shown);
}

function drawn(code, number, say) {
  const canvas = element("canvas", { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  const blue = getComputedStyle(document.documentElement).getPropertyValue("--blue-9").trim();
  const write = (text, y, font, colour) => { pen.font = font; pen.fillStyle = colour; pen.fillText(text, WIDTH / 2, y, WIDTH - 60); };
  const groups = code.split("-");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = blue;
  pen.fillRect(0, 0, WIDTH, 96);
  pen.textAlign = "center";
  write(say("title"), 62, "700 36px sans-serif", "white");
  write(groups.slice(0, 3).join("  "), 250, "700 68px monospace", blue);
  write(groups.slice(3).join("  "), 350, "700 68px monospace", blue);
  write(number, 460, "34px sans-serif", "black");
  write(say("why"), 560, "30px sans-serif", "black");
  return canvas;
}

if (document.querySelector("[data-receipt]")) start();
