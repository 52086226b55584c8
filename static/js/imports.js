/* Comfort on top of the import page, which works without it: drag and drop, a file is sent as soon
   as it is chosen, and the way it goes is shown. */
"use strict";

const form = document.getElementById("send");
const input = document.getElementById("file");
const drop = document.getElementById("drop");
const sent = document.getElementById("send-progress");

function say(text) {
  const problem = document.getElementById("file-error"); // comes anew with every answer
  problem.hidden = !text;
  problem.querySelector("span").textContent = text;
  input.toggleAttribute("aria-invalid", Boolean(text));
}

function chosen() {
  const file = input.files[0];
  document.getElementById("file-name").textContent = file ? file.name : "";
  if (!file) return;
  const { limit, tooLarge, empty } = input.dataset;
  const wrong = file.size > Number(limit) ? tooLarge : file.size ? "" : empty;
  say(wrong);
  if (wrong) {
    input.value = "";
    return;
  }
  form.requestSubmit(document.getElementById("send-button"));
}

function dragged(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.toggle("drop-over", event.type === "dragover");
}

function dropped(event) {
  if (!event.dataTransfer?.files.length) return;
  dragged(event);
  input.files = event.dataTransfer.files;
  chosen();
}

function progressed(event) {
  if (event.target !== form || !event.detail.lengthComputable) return;
  const percent = Math.round((100 * event.detail.loaded) / event.detail.total);
  sent.hidden = percent >= 100;
  sent.querySelector("progress").value = percent;
  sent.querySelector("span").textContent = `${percent}%`;
}

/* A file that is refused is an answer too: 422 brings the page that says why. */
function answered(event) {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
}

function settled() {
  sent.hidden = true;
  document.querySelector("#work [data-focus]")?.focus();
}

drop.classList.add("drop-ready");
input.addEventListener("change", chosen);
for (const name of ["dragover", "dragleave"]) document.addEventListener(name, dragged);
document.addEventListener("drop", dropped);
document.addEventListener("htmx:xhr:progress", progressed);
document.addEventListener("htmx:beforeSwap", answered);
document.addEventListener("htmx:afterSettle", settled);
