/* The sliders of the what-if page. The form works without them: each slider only writes into the field
   beside it, and the field says when it changed. */
"use strict";

const STEPS = 1000;

function reach(row) {
  return { worst: Number(row.dataset.worst), best: Number(row.dataset.best) };
}

function places(field) {
  return (field.step.split(".")[1] || "").length;
}

/* The slider was moved: the field follows at once, the result when it is let go. */
document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-slider]");
  if (!row) return;
  const slider = row.querySelector(".slider");
  const field = row.querySelector(".form-control");
  const { worst, best } = reach(row);
  if (event.target === slider) {
    const value = worst + ((best - worst) * Number(slider.value)) / STEPS;
    field.value = value.toFixed(places(field));
  } else if (event.target === field && field.checkValidity()) {
    slider.value = best === worst ? STEPS : ((Number(field.value) - worst) / (best - worst)) * STEPS;
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-address]");
  if (!button) return;
  await navigator.clipboard.writeText(window.location.href);
  button.querySelector("span").textContent = button.dataset.done;
});
