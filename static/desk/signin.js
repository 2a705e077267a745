// Recovery codes: copy and print. Saving as a file works without this.
const box = document.querySelector("[data-recovery]");
const said = box.querySelector("[data-said]");
box.querySelector("[data-copy]").addEventListener("click", async ({ currentTarget }) => {
  const codes = [...box.querySelectorAll("code")].map((code) => code.textContent);
  await navigator.clipboard.writeText(codes.join("\n"));
  said.textContent = currentTarget.dataset.done;
});
box.querySelector("[data-print]").addEventListener("click", () => window.print());
