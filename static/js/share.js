// Copies the address of a case. Nothing is sent anywhere; without scripts the field can be marked by hand.
const field = document.querySelector("[data-address]");
const said = document.querySelector("[data-copied]");
document.querySelector("[data-copy-address]")?.addEventListener("click", async () => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // pages without TLS have no clipboard
  }
  said.textContent = said.dataset.copied;
});
