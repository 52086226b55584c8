/* Toasts: what was just done, with a way back. They go after ten seconds, not while somebody points at them
   or has the focus in them; errors stay. Pages put theirs there on the server; scripts and htmx answers
   (header HX-Trigger) send an event: toast with {text, tone: "good" | "error", undo: address}. */
"use strict";

const TOAST_MS = 10000;

function leave(toast) {
  if (toast.classList.contains("toast-error")) return;
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (toast.matches(":hover, :focus-within")) start();
      else toast.remove();
    }, TOAST_MS);
  };
  for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, start);
  for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, () => clearTimeout(timer));
  start();
}

function arm(toast) {
  const close = toast.querySelector("[data-toast-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  leave(toast);
}

function addToast({ text, tone = "good", undo = "" }) {
  const region = document.querySelector("[data-toasts]");
  const kind = tone === "error" ? "error" : "good";
  const toast = region.querySelector(`template[data-toast-${kind}]`).content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  const form = toast.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  region.append(toast);
  arm(toast);
}

document.addEventListener("toast", (event) => addToast(event.detail));
document.querySelectorAll(".toast-bar").forEach(arm);
