// Small things around the questions: which step is being looked at, which preset is shown.

import { form, isStudio, shown } from "./form.js";

/** @type {IntersectionObserver | undefined} */
let watch;

/** The step that reaches into the middle of the window is the current one. */
function watchSteps() {
  watch?.disconnect();
  watch = new IntersectionObserver(mark, { rootMargin: "-45% 0px -50% 0px" });
  for (const group of form().querySelectorAll(".studio-group")) watch.observe(group);
}

/** @param {IntersectionObserverEntry[]} entries */
function mark(entries) {
  const seen = entries.find((entry) => entry.isIntersecting);
  if (!seen) return;
  for (const link of form().querySelectorAll(".studio-steps a")) {
    if (link.getAttribute("href") === `#${seen.target.id}`)
      link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

function markPreset() {
  for (const link of document.querySelectorAll("[data-preset]")) {
    const isShown = /** @type {HTMLElement} */ (link).dataset.preset === shown();
    if (isShown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** A preset takes the place of a design: the server is told which, and offers it back.
 * @param {Event} event */
function ask(event) {
  const { elt, parameters } = /** @type {CustomEvent} */ (event).detail;
  if (elt instanceof HTMLElement && elt.dataset.preset !== undefined) parameters.instead = shown();
}

/** A link to a question opens what it lies in and gives it the focus. @param {Event} event */
function go(event) {
  const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
  const goal = link && form().contains(link) ? goalOf(link) : null;
  if (!(goal instanceof HTMLElement)) return;
  event.preventDefault();
  goal.scrollIntoView({ block: goal.matches("section") ? "start" : "center" });
  const field = goal.matches("input")
    ? goal
    : (goal.querySelector("input:checked") ?? goal.querySelector("input:not([type=hidden])"));
  if (field instanceof HTMLElement) field.focus({ preventScroll: true });
}

/** @param {Element} link */
function goalOf(link) {
  return document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
}

/** @param {Event} event */
function answered(event) {
  if (!isStudio(event)) return;
  watchSteps();
  markPreset();
}

export function startWay() {
  watchSteps();
  markPreset();
  document.addEventListener("htmx:configRequest", ask);
  document.addEventListener("htmx:afterSwap", answered);
  document.addEventListener("click", go);
}
