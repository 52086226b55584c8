/* Keyboard shortcuts: / searches, g and a letter goes to a page, j and k move through rows, x ticks one,
   n takes its next step or goes on to the next case, d takes the step of a case and goes on, t turns
   the switch of a row, ? lists them all. They can be switched off in that list; the browser remembers it. */
"use strict";

const KEYS_OFF = "shortcuts-off";
/* A letter that comes later than this no longer belongs to the g before it. */
const CHORD_MS = 1500;
const ROWS = ".data-rows > tr:not(.group), tbody.metric > tr:first-child, .todo-line, [data-row]";

let chordUntil = 0;

function keysAreOff() {
  try {
    return localStorage.getItem(KEYS_OFF) === "1";
  } catch {
    return false;
  }
}

function keepKeys(off) {
  try {
    if (off) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
  } catch {
    /* Without storage the choice lasts as long as the page. */
  }
}

function list() {
  return document.getElementById("keys");
}

function showList() {
  const dialog = list();
  if (!dialog || dialog.open) return;
  dialog.querySelector("[data-keys-switch]").checked = !keysAreOff();
  dialog.showModal();
}

/* The page's own field, else that of the header; where neither is shown, the page that searches. */
function focusSearch() {
  const fields = document.querySelectorAll("main input[type=search], .top-search input");
  const shown = [...fields].filter((field) => field.offsetParent);
  const search = shown.find((field) => field.closest("main")) ?? shown[0];
  if (search) search.focus();
  else document.querySelector("[data-search-link]")?.click();
  return Boolean(search);
}

function goTo(letter) {
  const link = document.querySelector(`.side-link[data-key="${CSS.escape(letter)}"]`);
  link?.click();
  return Boolean(link);
}

/* The row moved to: its first link, switch or button takes the focus. */
function moveRow(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent && stopOf(row));
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  stopOf(rows[next]).focus();
  rows[next].scrollIntoView({ block: "nearest" });
  return true;
}

/* A box to tick comes last: Enter on it would send the form it belongs to. */
function stopOf(row) {
  return row.querySelector("a[href], summary, button") ?? row.querySelector("input:not([type=hidden])");
}

function tickRow() {
  const box = document.activeElement?.closest(ROWS)?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

/* The next step of the row one is at; on the page of a case the way to the next one. */
function takeNext() {
  const row = document.activeElement?.closest(ROWS);
  const next = row?.querySelector("[data-row-next]") ?? document.querySelector("[data-next-case]");
  next?.click();
  return Boolean(next);
}

/* The step of the case one is at, and the page of the next one. */
function stepAndGoOn() {
  const step = document.querySelector("[data-step-next]");
  step?.click();
  return Boolean(step);
}

/* The switch of the row one is in. */
function toggleRow() {
  const control = document.activeElement?.closest(ROWS)?.querySelector("[role=switch]");
  control?.click();
  return Boolean(control);
}

const ACTIONS = {
  "/": focusSearch,
  j: () => moveRow(1),
  k: () => moveRow(-1),
  x: tickRow,
  n: takeNext,
  d: stepAndGoOn,
  t: toggleRow,
  "?": () => {
    showList();
    return true;
  },
};

function onShortcut(event) {
  const busy = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]") || list()?.open;
  if (busy || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || keysAreOff()) return;
  const isChord = Date.now() < chordUntil;
  chordUntil = 0;
  if (isChord && goTo(event.key)) event.preventDefault();
  else if (event.key === "g") chordUntil = Date.now() + CHORD_MS;
  else if (ACTIONS[event.key]?.()) event.preventDefault();
}

document.addEventListener("keydown", onShortcut);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) showList();
  if (event.target.closest("[data-keys-close]")) list().close();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) keepKeys(!event.target.checked);
});
for (const opener of document.querySelectorAll("[data-keys-open]")) opener.hidden = false;
