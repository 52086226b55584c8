/* Comfort on top of pages that work without it: drawer, menus, theme, password, folds, print. */
"use strict";

const root = document.documentElement;
root.classList.add("has-script");

const DARK_MEDIA = {
  dark: "screen",
  light: "not all",
  system: "screen and (prefers-color-scheme: dark)",
};

/* Tell charts and whatever else is drawn from colours. */
function announceTheme() {
  document.dispatchEvent(new CustomEvent("themechange"));
}

function applyTheme(theme) {
  document.getElementById("tokens-dark").media = DARK_MEDIA[theme];
  if (theme === "system") root.removeAttribute("data-bs-theme");
  else root.setAttribute("data-bs-theme", theme);
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    const chosen = button.value === theme;
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", chosen);
    else if (chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  announceTheme();
}

async function submitTheme(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const theme = event.submitter.value;
  const body = new FormData(form);
  body.set("theme", theme);
  applyTheme(theme);
  form.closest("details")?.removeAttribute("open");
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  } catch {
    form.submit();
  }
}

/* Drawer: #side opens it without a script; here it also closes on Escape and keeps the focus. */
function setDrawer(open, opener) {
  const side = document.getElementById("side");
  if (!side) return;
  root.toggleAttribute("data-drawer", open);
  if (open) root.setAttribute("data-drawer", "open");
  for (const link of document.querySelectorAll("[data-drawer-open]")) {
    link.setAttribute("aria-expanded", open);
  }
  if (open) {
    side.drawerOpener = opener;
    side.querySelector("[data-drawer-close]").focus();
  } else {
    side.drawerOpener?.focus();
  }
}

function keepFocusInDrawer(event) {
  if (event.key !== "Tab" || root.getAttribute("data-drawer") !== "open") return;
  const side = document.getElementById("side");
  const stops = [...side.querySelectorAll("a[href], button, input:not([type=hidden])")];
  const first = stops[0];
  const last = stops[stops.length - 1];
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (leaving) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except)) menu.removeAttribute("open");
  }
}

function onKey(event) {
  keepFocusInDrawer(event);
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    if (root.getAttribute("data-drawer") === "open") setDrawer(false);
  }
}

function onClick(event) {
  closeMenus(event.target);
  const opener = event.target.closest("[data-drawer-open]");
  const closer = event.target.closest("[data-drawer-close]");
  if (opener || closer) {
    event.preventDefault();
    setDrawer(Boolean(opener), opener);
  }
  if (event.target.closest("[data-print]")) window.print();
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const field = document.getElementById(reveal.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    reveal.setAttribute("aria-pressed", shown);
  }
}

/* Panels below the to-do list start folded on phones, where their figure and sentence come first;
   the end of a long list everywhere. */
const PHONE = matchMedia("(max-width: 575.98px)");

function setFolds() {
  for (const fold of document.querySelectorAll("details[data-fold='']")) fold.open = !PHONE.matches;
}

function unfold() {
  for (const fold of document.querySelectorAll("details[data-fold]")) fold.open = true;
}

/* A table wider than its panel becomes a region that the keyboard can reach and scroll. */
function markScrollers() {
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    const scrolls = wrap.scrollWidth > wrap.clientWidth + 1;
    wrap.classList.toggle("table-scrolls", scrolls);
    if (scrolls) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}

function prepare() {
  for (const button of document.querySelectorAll("[data-reveal]")) button.hidden = false;
  for (const form of document.querySelectorAll("[data-theme-form]")) {
    form.addEventListener("submit", submitTheme);
  }
  document.querySelector("[data-focus]")?.focus();
  setFolds();
  markScrollers();
  for (const tab of document.querySelectorAll(".views [aria-current]")) {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }
}

document.addEventListener("click", onClick);
/* A chart inside a fold has had no width to be drawn in. */
document.addEventListener("toggle", (event) => {
  if (event.target.matches("[data-fold][open]")) announceTheme();
}, true);
document.addEventListener("keydown", onKey);
window.addEventListener("resize", markScrollers);
window.addEventListener("beforeprint", unfold);
window.addEventListener("afterprint", setFolds);
PHONE.addEventListener("change", setFolds);
document.addEventListener("htmx:afterSettle", markScrollers);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announceTheme);
prepare();
