// 长者模式: one attribute on <html>, remembered on this device only. Also tells the style sheets that scripts run.
const root = document.documentElement;
const ELDER_KEY = "anshao-elder";
const remembered = () => { try { return localStorage.getItem(ELDER_KEY) === "1"; } catch { return false; } };
const showElder = (on) => {
  root.toggleAttribute("data-elder", on);
  for (const b of document.querySelectorAll("[data-elder-toggle]")) b.setAttribute("aria-pressed", String(on));
};
root.setAttribute("data-js", "");
showElder(remembered());
document.addEventListener("DOMContentLoaded", () => showElder(root.hasAttribute("data-elder")));
document.addEventListener("click", (e) => {
  if (!e.target.closest("[data-elder-toggle]")) return;
  const on = !root.hasAttribute("data-elder");
  showElder(on);
  try { localStorage.setItem(ELDER_KEY, on ? "1" : "0"); } catch { /* private mode: this page only */ }
});
