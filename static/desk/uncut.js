// A browser cuts a pasted text at maxlength without a word. In the forms of the desk nothing is cut: the server counts,
// says how long the text may be, and gives it back whole. Fields of blocks are made by script and come later.
(() => {
  const SELECTOR = "[data-edit-form] [maxlength]";
  const leaveWhole = () => document.querySelectorAll(SELECTOR).forEach((input) => input.removeAttribute("maxlength"));
  const begin = () => {
    leaveWhole();
    const form = document.querySelector("[data-edit-form]");
    if (form) new MutationObserver(leaveWhole).observe(form, { subtree: true, childList: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
