// Opens the printer's dialogue from a button; without scripts the browser's own menu does it.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
