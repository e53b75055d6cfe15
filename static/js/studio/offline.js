// A choice that could not be sent stays in the form. It is sent again when there is a connection,
// together with what was chosen meanwhile, since every request holds all answers.

import { announce } from "../lib/announce.js";
import { form, isStudio, send } from "./form.js";

const SOONEST_MS = 2000;
const LATEST_MS = 15000;
const AWAY = [502, 503, 504];

let wait = SOONEST_MS;
let timer = 0;
let isAway = false;
let isAsking = false;

function note() {
  return document.getElementById("studio-offline");
}

/** Instead of the general message of a lost request. @param {Event} event */
function lost(event) {
  const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
  if (elt !== form() || (event.type === "htmx:responseError" && !AWAY.includes(xhr?.status)))
    return;
  event.stopPropagation();
  if (!isAway) say("said");
  isAway = true;
  window.clearTimeout(timer);
  timer = window.setTimeout(again, wait);
  wait = Math.min(2 * wait, LATEST_MS);
}

function again() {
  window.clearTimeout(timer);
  if (isAway) send();
}

/** A gateway that says that nobody is there is no answer. @param {Event} event */
function answered(event) {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (!isStudio(event) || AWAY.includes(xhr.status)) return;
  isAway = false;
  wait = SOONEST_MS;
  window.clearTimeout(timer);
}

/** Whatever is asked for now is newer than what was to be sent again. @param {Event} event */
function sending(event) {
  if (isStudio(event)) window.clearTimeout(timer);
}

/** What leads away from here would lead to a page of the browser's own. A browser without a network
 * calls itself offline and reaches a server beside it all the same: that one is asked.
 * @param {MouseEvent} event */
function hold(event) {
  const on = /** @type {Element} */ (event.target).closest("[data-plain]");
  if (!on || !form().contains(on) || (navigator.onLine && !isAway)) return;
  event.preventDefault();
  if (isAway) say("held");
  else reach(on.id);
}

/** Press the button after all, where the server answers; a second press meanwhile is the same.
 * @param {string} id */
async function reach(id) {
  if (isAsking) return;
  isAsking = true;
  const isThere = await fetch("/healthz", { cache: "no-store" }).then(
    (answer) => !AWAY.includes(answer.status),
    () => false,
  );
  isAsking = false;
  const on = document.getElementById(id); // the form may be another one by now
  if (!isThere) say("held");
  else if (on) form().requestSubmit(on);
}

/** Of a choice that it is kept; of a press ("held") that it is not: unlike a choice it would lead
 * away at some later moment. @param {"said" | "held"} what */
function say(what) {
  const place = note();
  const words = place?.querySelector("span");
  if (!place || !words) return;
  words.textContent = place.dataset[what] ?? "";
  place.hidden = false;
  announce(words.textContent);
}

/** There is a connection again, or so the browser says. */
function back() {
  const place = note();
  if (place && !place.hidden && !isAway) {
    place.hidden = true;
    announce(place.dataset.again ?? "");
  }
  again();
}

export function startOffline() {
  document.addEventListener("htmx:beforeRequest", sending);
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
    document.addEventListener(name, lost, { capture: true });
  document.addEventListener("htmx:beforeSwap", answered);
  window.addEventListener("online", back);
  document.addEventListener("click", hold, { capture: true });
}
