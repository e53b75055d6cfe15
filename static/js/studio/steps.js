// Undo and redo: the addresses of the designs of this visit, kept over a reload. A step is a whole
// design, so going back is opening its address; the server words it like any other answer.

import { form, isStudio, isWriting, shown } from "./form.js";

const MOST = 50;
const place = `cosmo.steps:${location.pathname}`;

/** @type {{ steps: string[], at: number }} */
let way = { steps: [], at: -1 };
let asked = 0; // by how many steps the answer on its way leads

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? "null");
    if (Array.isArray(kept?.steps) && kept.steps[kept.at] !== undefined) way = kept;
  } catch {
    way = { steps: [], at: -1 }; // storage is off, or holds something else
  }
}

function keep() {
  try {
    sessionStorage.setItem(place, JSON.stringify(way));
  } catch {
    // Storage is off or full: undo then lasts as long as the page.
  }
}

/** A page was opened: by Back, by a link or anew. One of the steps is meant where it is one. */
function arrive() {
  const now = shown();
  const known = way.steps
    .map((step, index) => ({ step, far: Math.abs(index - way.at), index }))
    .filter(({ step }) => step === now)
    .sort((one, other) => one.far - other.far)[0];
  if (known) way.at = known.index;
  else advance(now);
  show();
}

/** @param {string} now */
function advance(now) {
  if (now === way.steps[way.at]) return;
  const steps = [...way.steps.slice(0, way.at + 1), now].slice(-MOST - 1);
  way = { steps, at: steps.length - 1 };
}

/** Before the browser paints. @param {Event} event */
function answered(event) {
  if (!isStudio(event)) return;
  const now = shown();
  const meant = way.at + asked;
  if (asked && way.steps[meant] === now) way.at = meant;
  else advance(now);
  asked = 0;
  show();
}

function show() {
  keep();
  for (const button of document.querySelectorAll("[data-step-by]")) {
    const by = Number(/** @type {HTMLElement} */ (button).dataset.stepBy);
    const possible = way.steps[way.at + by] !== undefined;
    button.setAttribute("aria-disabled", String(!possible));
  }
}

/** @param {number} by */
function step(by) {
  const next = way.steps[way.at + by];
  const button = document.querySelector(`[data-step-by="${by}"]`);
  if (next === undefined || !button) return;
  const origin = form().elements.namedItem("from");
  const from = origin instanceof HTMLInputElement ? `from=${encodeURIComponent(origin.value)}` : "";
  const query = [next, from].filter(Boolean).join("&");
  asked = by;
  const answer = window.htmx.ajax("GET", `${form().action}?${query}`, {
    target: form(),
    swap: "outerHTML show:none settle:0ms",
    source: button,
    headers: { "X-Step": String(by) },
  });
  answer.catch(() => {}); // events tell what became of it: no connection, or a newer click
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting(event.target)) return;
  const pressed = event.key.toLowerCase();
  const by = pressed === "z" ? (event.shiftKey ? 1 : -1) : pressed === "y" ? 1 : 0;
  if (!by) return;
  event.preventDefault();
  step(by);
}

/** @param {Event} event */
function press(event) {
  const button = /** @type {Element} */ (event.target).closest("[data-step-by]");
  if (button instanceof HTMLElement) step(Number(button.dataset.stepBy));
}

/** A click on an answer is no step back any more. @param {Event} event */
function sent(event) {
  const { elt } = /** @type {CustomEvent} */ (event).detail;
  if (elt instanceof Element && !elt.matches("[data-step-by]")) asked = 0;
}

export function startSteps() {
  read();
  arrive();
  document.addEventListener("htmx:beforeRequest", sent);
  document.addEventListener("htmx:afterSwap", answered);
  document.addEventListener("keydown", key);
  document.addEventListener("click", press);
}
