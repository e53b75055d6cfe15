// The studio works as a plain form. With htmx every answer exchanges the whole form, so this keeps
// what the exchange must not disturb: the place on the screen, the focus, words being typed, clicks.

import { startAutosave } from "./studio/autosave.js";
import { startFinding } from "./studio/find.js";
import { form, isStudio, keepToStudio, send } from "./studio/form.js";
import { startOffline } from "./studio/offline.js";
import { startSteps } from "./studio/steps.js";
import { startWay } from "./studio/way.js";

/** What an exchange must give back. */
const kept = { id: "", top: 0, open: /** @type {string[]} */ ([]), focus: "" };
let pressed = ""; // where a pointer is down: "leaving" by a button, or on an "answer"
let missed = false; // an answer came meanwhile and was not shown

/** The words in a text field are newer than the answer that came: a newer one is on its way. */
function isTypedOn(/** @type {FormData | Record<string, unknown>} */ sent) {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement) || !field.classList.contains("studio-text"))
    return false;
  const known = sent instanceof FormData ? sent.get(field.name) : sent[field.name];
  return known !== undefined && known !== field.value;
}

/** @param {Event} event */
function before(event) {
  if (!isStudio(event)) return;
  const { detail } = /** @type {CustomEvent} */ (event);
  const { elt, parameters } = detail.requestConfig;
  const isHeld = pressed === "leaving" || (pressed === "answer" && elt === form());
  if (isHeld || isTypedOn(parameters)) {
    missed = isHeld;
    detail.shouldSwap = false;
    return;
  }
  const used = document.activeElement;
  kept.id = used && form().contains(used) ? used.id : "";
  kept.top = used?.getBoundingClientRect().top ?? 0;
  kept.focus = used instanceof HTMLElement ? (used.dataset.focus ?? "") : "";
  kept.open = [...form().querySelectorAll("details[open]")].map((found) => found.id);
}

/** Before the browser paints: the control that was used stays where it was, and keeps the focus. */
function after(/** @type {Event} */ event) {
  if (!isStudio(event)) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  const used = document.getElementById(kept.id) ?? document.getElementById(kept.focus);
  if (!used) return;
  if (document.activeElement !== used) {
    if (used.tabIndex < 0) used.tabIndex = -1;
    used.focus({ preventScroll: true });
  }
  if (used.id === kept.id) window.scrollBy(0, used.getBoundingClientRect().top - kept.top);
  else used.scrollIntoView({ block: "nearest" });
}

/** The reason for a "no" comes into sight; the focus stays on the answer that was asked for. */
function showReason(/** @type {Event} */ event) {
  if (!isStudio(event)) return;
  document.querySelector(".studio-why")?.scrollIntoView({ block: "nearest" });
}

/** An exchange between press and release would take the click away. @param {PointerEvent} event */
function press(event) {
  const on = /** @type {Element} */ (event.target);
  const isAnswer = form().contains(on) && on.closest("label, input, summary");
  pressed = on.closest("[data-plain]") ? "leaving" : isAnswer ? "answer" : "";
}

/** What came meanwhile is asked for again; a new answer's own request takes its place. */
function release() {
  pressed = "";
  if (missed) send();
  missed = false;
}

/** A press that becomes no click. Where it becomes one, that comes before the timer. */
function lift() {
  setTimeout(release);
}

/** Whoever was faster than this script is heard all the same. */
function sendEarly() {
  /** @type {NodeListOf<HTMLInputElement>} */
  const fields = form().querySelectorAll("input[name]");
  const isEarly = [...fields].some(
    (one) => one.checked !== one.defaultChecked || one.value !== one.defaultValue,
  );
  if (isEarly) send();
}

/** The list of prices lies above the answers on a phone: Escape, or going on, closes it. */
function closeSum(/** @type {Event} */ event) {
  const sum = document.getElementById("sum");
  if (!(sum instanceof HTMLDetailsElement) || !sum.open) return;
  const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
  const isElsewhere = event.type === "focusin" && !sum.contains(/** @type {Node} */ (event.target));
  if (isEscape) sum.querySelector("summary")?.focus();
  if (isEscape || (isElsewhere && window.matchMedia("(width < 62rem)").matches)) sum.open = false;
}

document.addEventListener("htmx:configRequest", keepToStudio);
document.addEventListener("htmx:beforeSwap", before);
document.addEventListener("htmx:afterSwap", after);
document.addEventListener("htmx:afterSettle", showReason);
document.addEventListener("pointerdown", press, { capture: true });
document.addEventListener("click", release);
document.addEventListener("pointerup", lift);
document.addEventListener("pointercancel", release);
document.addEventListener("keydown", closeSum);
document.addEventListener("focusin", closeSum);
startSteps();
startWay();
startFinding();
startOffline();
startAutosave();
sendEarly();
