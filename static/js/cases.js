/* The bar below the cases says how many are ticked and what they ask for. It offers the step they have in
   common until somebody chooses another; a box in the head ticks the whole page. */
"use strict";

const FEN_PER_YUAN = 100;

function boxes() {
  return [...document.querySelectorAll("input[name=case]")];
}

function tellTicked() {
  const told = document.querySelector("[data-bulk-count]");
  if (!told) return;
  const ticked = boxes().filter((box) => box.checked);
  told.dataset.none ??= told.textContent;
  if (ticked.length === 0) told.textContent = told.dataset.none;
  else told.textContent = ticked.length === 1 ? told.dataset.one : told.dataset.many.replace("{n}", ticked.length);
  tellSum(ticked);
  offerStep(ticked);
  const all = document.querySelector("[data-tick-all]");
  all.checked = ticked.length > 0 && ticked.length === boxes().length;
  all.indeterminate = ticked.length > 0 && !all.checked;
}

function tellSum(ticked) {
  const told = document.querySelector("[data-bulk-sum]");
  const fen = ticked.reduce((sum, box) => sum + Number(box.dataset.fen), 0);
  const places = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  told.textContent = fen ? told.dataset.text.replace("{n}", (fen / FEN_PER_YUAN).toLocaleString("en", places)) : "";
}

function offerStep(ticked) {
  const choice = document.getElementById("bulk-name");
  const steps = new Set(ticked.map((box) => box.dataset.step));
  const [step] = steps;
  if (steps.size !== 1 || choice.dataset.chosen) return;
  if ([...choice.options].some((option) => option.value === step)) choice.value = step;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("#bulk-name")) event.target.dataset.chosen = "1";
  if (event.target.matches("[data-tick-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches("input[name=case], [data-tick-all]")) tellTicked();
});
tellTicked();
