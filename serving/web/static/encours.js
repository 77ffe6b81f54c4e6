// Makes a form live: what it changes is asked for while somebody types. Without it, the form is sent.
(() => {
  "use strict";
  const WAIT_MS = 250;
  for (const form of document.querySelectorAll("form[data-live]")) {
    const shown = document.getElementById(form.dataset.live);
    let timer = 0, asked = new AbortController();
    const address = () => `${new URL(form.action).pathname}?${new URLSearchParams(new FormData(form))}`;
    const ask = async () => {
      asked.abort();
      asked = new AbortController();
      shown.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address(), { headers: { Accept: "text/html", "X-Part": "decision" }, signal: asked.signal });
        if (answer.redirected) { location.reload(); return; }
        shown.innerHTML = await answer.text();
        history.replaceState(null, "", address());
      } catch (error) {
        if (error.name === "AbortError") return;
        shown.textContent = form.dataset.away;
      }
      shown.removeAttribute("aria-busy");
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); ask().then(() => shown.scrollIntoView({ block: "start" })); });
  }
})();

// The key / leads to the search, but for where somebody types.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  const search = document.getElementById("q");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// Files dropped anywhere on the panel are chosen in its field.
for (const panel of document.querySelectorAll("[data-drop]")) {
  const files = panel.querySelector("input[type=file]");
  const mark = (over) => panel.classList.toggle("over", over);
  for (const name of ["dragenter", "dragover"]) panel.addEventListener(name, (event) => { event.preventDefault(); mark(true); });
  for (const name of ["dragleave", "drop"]) panel.addEventListener(name, () => mark(false));
  panel.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files.length) files.files = event.dataTransfer.files; });
}

// A box in the head of a table ticks or clears all lines.
for (const all of document.querySelectorAll("[data-ticks]")) {
  const boxes = all.form.querySelectorAll(`input[name="${all.dataset.ticks}"]`);
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
}
