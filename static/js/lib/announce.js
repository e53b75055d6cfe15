// One polite live region for the whole page, and a toast for what also wants to be seen.

const TOAST_MS = 6000;

/**
 * Say something to screen readers. The same text twice in a row is said twice.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/**
 * Show a short message at the foot of the page and say it.
 * @param {string} text
 */
export function toast(text) {
  announce(text);
  const shelf = document.getElementById("toasts");
  if (!shelf) return;
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = text;
  shelf.replaceChildren(note);
  window.setTimeout(() => note.remove(), TOAST_MS);
}

/** @param {string} name */
function shelfText(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

/**
 * Server side: `HX-Trigger: {"announce": {"text": "..."}}` speaks, `{"toast": {"text": "..."}}` also shows.
 */
export function startAnnouncing() {
  document.addEventListener("announce", (event) => {
    announce(textOf(event));
  });
  document.addEventListener("toast", (event) => {
    toast(textOf(event));
  });
  document.addEventListener("htmx:sendError", () => toast(shelfText("offline")));
  document.addEventListener("htmx:timeout", () => toast(shelfText("offline")));
  document.addEventListener("htmx:beforeRequest", clearRefusals);
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-dismiss]")) clearRefusals();
  });
  document.addEventListener("htmx:responseError", () => toast(shelfText("refused")));
}

function clearRefusals() {
  document.getElementById("refusals")?.replaceChildren();
}

/** @param {Event} event */
function textOf(event) {
  const { detail } = /** @type {CustomEvent<{text?: string, value?: string}>} */ (event);
  return String(detail?.text ?? detail?.value ?? "");
}
