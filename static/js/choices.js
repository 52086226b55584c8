/* The table of choices: a switch changes its row in place, the bar below counts what is ticked. Without this
   file the same forms load the page anew. */
"use strict";

const saving = new Set();

/* Put the parts of a freshly drawn page where the old ones stand. The focus stays on the row it was on: who has
   gone on to the next one meanwhile is left there. */
function redraw(page, row) {
  const held = Boolean(row && document.getElementById(row)?.contains(document.activeElement));
  for (const id of [row, "levels"]) {
    const fresh = id && page.getElementById(id);
    if (id && !fresh) document.getElementById(id)?.remove();
    if (fresh) document.getElementById(id)?.replaceWith(document.adoptNode(fresh));
  }
  const views = page.querySelector("#products .views");
  if (views) document.querySelector("#products .views")?.replaceWith(document.adoptNode(views));
  for (const toast of page.querySelectorAll("[data-toasts] > .toast-bar")) {
    const tone = toast.classList.contains("toast-error") ? "error" : "good";
    const undo = toast.querySelector("form")?.getAttribute("action") ?? "";
    const detail = { text: toast.querySelector("p").textContent, tone, undo };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }
  if (held) document.getElementById(row)?.querySelector("[role=switch]")?.focus();
}

async function change(form) {
  const row = form.closest("tr")?.id ?? "";
  const key = row || form.elements.level.value + form.elements.key.value;
  if (saving.has(key)) return;
  saving.add(key);
  form.classList.add("is-saving");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    redraw(new DOMParser().parseFromString(await answer.text(), "text/html"), row);
  } catch {
    form.submit();
  } finally {
    saving.delete(key);
  }
}

function count() {
  const bar = document.querySelector("[data-bulk-count]");
  const ticked = document.querySelectorAll("input[form=bulk]:checked").length;
  if (!bar) return;
  bar.dataset.empty ??= bar.textContent;
  bar.textContent = ticked ? bar.dataset.text.replace("%n", ticked) : bar.dataset.empty;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-switch]")) return;
  event.preventDefault();
  change(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("input[form=bulk]")) count();
});
count();
