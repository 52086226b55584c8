/* The bar below the cases says how many are ticked. */
"use strict";

function tellTicked() {
  const told = document.querySelector("[data-bulk-count]");
  if (!told) return;
  const n = document.querySelectorAll("input[name=case]:checked").length;
  told.dataset.none ??= told.textContent;
  if (n === 0) told.textContent = told.dataset.none;
  else told.textContent = n === 1 ? told.dataset.one : told.dataset.many.replace("{n}", n);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=case]")) tellTicked();
});
tellTicked();
