// Tells how many rows of a file are done while the server is at it; without it the page simply waits.
const EVERY = 700;

for (const form of document.querySelectorAll("[data-register-wait]")) {
  form.addEventListener("submit", () => {
    const say = form.querySelector("[data-register-say]");
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => { button.disabled = true; }, 0);
    const ask = async () => {
      try {
        const answer = await fetch(form.dataset.registerWait, { headers: { "X-By-Itself": "1" } });
        const { done, total } = await answer.json();
        const words = total ? say.dataset.words : say.dataset.some;
        if (done) say.textContent = words.replace("{done}", done.toLocaleString()).replace("{total}", total.toLocaleString());
      } catch { /* the next answer of the server tells */ }
      setTimeout(ask, EVERY);
    };
    setTimeout(ask, EVERY);
  });
}
