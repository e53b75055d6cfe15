// Turns the picture of a product into solids, when somebody wants to turn it. Everything heavy is
// in stage/view.js, which is fetched then and not before. Without WebGL the elevation stays.

import { announce } from "./lib/announce.js";

/** @typedef {import("./stage/view.js").View} View */

const REMEMBERED = "cosmo-stage"; // in this browser: whether solids were wanted last
const STEP = Math.PI / 12;
const CORNER = { turn: (32 * Math.PI) / 180, rise: (11 * Math.PI) / 180 };
/** @type {Record<string, { turn: number, rise: number }>} */
const VIEWS = {
  corner: CORNER,
  front: { turn: 0, rise: 0.035 },
  side: { turn: Math.PI / 2, rise: 0.07 },
  top: { turn: 0, rise: 2 },
};

/** @type {View | null} */
let view = null;
let isOpening = false;

/** The heavy part; asked for early when a pointer comes near. */
export const load = () => import("./stage/view.js");

const stage = () => document.getElementById("stage");
const host = () => document.getElementById("stage-view");
const board = () => /** @type {HTMLElement | null} */ (host()?.querySelector(".stage-canvas"));

/** @param {string} name */
const button = (name) => host()?.querySelector(`[data-stage="${name}"]`);

function shown() {
  return JSON.parse(stage()?.dataset.parts ?? "null");
}

function remember(/** @type {string} */ word) {
  try {
    localStorage.setItem(REMEMBERED, word);
  } catch {
    // A browser that keeps nothing forgets this too.
  }
}

function isRemembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "solid";
  } catch {
    return false;
  }
}

function canDraw() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** Show solids. Where that is not possible the elevation stays, and a word says so if asked for. */
async function open(isAsked = true) {
  const place = host();
  const canvas = board();
  if (view || isOpening || !place || !canvas || !shown()) return;
  isOpening = true;
  place.classList.add("is-loading");
  try {
    if (!canDraw()) throw new Error("no WebGL");
    const { View } = await load();
    const made = new View(canvas, fall);
    await made.show(shown());
    view = made;
    place.classList.add("is-on");
    made.resize();
    if (window.matchMedia("(width >= 62rem)").matches) toggle("measures", true);
    follow();
    made.go(CORNER);
    mark("corner");
    if (isAsked) {
      remember("solid");
      canvas.focus({ preventScroll: true });
    }
  } catch {
    fall();
    if (isAsked) announce(place.dataset.without ?? "");
  } finally {
    isOpening = false;
    place.classList.remove("is-loading");
  }
}

/** Back to the elevation, for good on this page: there are no graphics to draw with. */
function fall() {
  close();
  host()?.classList.add("is-without");
}

function close() {
  view?.dispose();
  view = null;
  host()?.classList.remove("is-on");
  enlarge(false);
  for (const name of ["apart", "measures"]) button(name)?.setAttribute("aria-pressed", "false");
}

/** After each answer: the parts that differ, and the file that belongs to them. */
async function follow() {
  const link = host()?.querySelector("[data-stage-model]");
  const address = stage()?.dataset.model;
  if (link && address) link.setAttribute("href", address);
  if (view && shown()) await view.show(shown());
}

function mark(/** @type {string} */ name) {
  for (const one of Object.keys(VIEWS))
    button(one)?.setAttribute("aria-pressed", String(one === name));
}

function turn(/** @type {number} */ sideways, /** @type {number} */ upwards = 0, eased = true) {
  if (!view) return;
  view.go({ turn: view.goal.turn + sideways, rise: view.goal.rise + upwards }, eased);
  mark("");
}

function zoom(/** @type {number} */ factor, eased = true) {
  view?.go({ zoom: view.goal.zoom * factor }, eased);
}

/** Of parts apart there is nothing to measure: one of the two ends the other. */
function toggle(/** @type {string} */ name, wanted = !isPressed(name)) {
  if (!view) return;
  const other = name === "measures" ? "apart" : "measures";
  if (wanted && isPressed(other)) toggle(other, false);
  button(name)?.setAttribute("aria-pressed", String(wanted));
  if (name === "measures") {
    view.hasMeasures = wanted;
    view.ask();
  } else view.go({ apart: wanted ? 1 : 0 });
}

function isPressed(/** @type {string} */ name) {
  return button(name)?.getAttribute("aria-pressed") === "true";
}

function enlarge(/** @type {boolean} */ wanted) {
  document.documentElement.classList.toggle("is-stage-large", wanted);
  button("large")?.setAttribute("aria-pressed", String(wanted));
  if (wanted) stage()?.scrollIntoView({ block: "start" });
}

/** @type {Record<string, () => void>} */
const ACTS = {
  open: () => open(),
  close: () => {
    remember("flat");
    close();
    /** @type {HTMLElement | null | undefined} */ (button("open"))?.focus({ preventScroll: true });
  },
  left: () => turn(STEP * 2),
  right: () => turn(-STEP * 2),
  in: () => zoom(1.3),
  out: () => zoom(1 / 1.3),
  apart: () => toggle("apart"),
  measures: () => toggle("measures"),
  large: () => enlarge(!document.documentElement.classList.contains("is-stage-large")),
  reset: () => {
    toggle("apart", false);
    view?.go({ ...CORNER, zoom: 1, apart: 0 });
    mark("corner");
  },
};

function press(/** @type {Event} */ event) {
  const used = /** @type {Element} */ (event.target).closest("[data-stage]");
  const name = used?.getAttribute("data-stage") ?? "";
  if (VIEWS[name]) {
    view?.go({ ...VIEWS[name], zoom: 1 });
    mark(name);
    announce(used?.textContent?.trim() ?? "");
  } else ACTS[name]?.();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowLeft: () => turn(STEP),
  ArrowRight: () => turn(-STEP),
  ArrowUp: () => turn(0, STEP / 2),
  ArrowDown: () => turn(0, -STEP / 2),
  "+": () => zoom(1.2),
  "=": () => zoom(1.2),
  "-": () => zoom(1 / 1.2),
  Home: () => ACTS.reset?.(),
};

/** Back to the small picture, from wherever in it, or from nowhere: not every browser gives a
 * button that is pressed the focus. */
function shrink(/** @type {KeyboardEvent} */ event) {
  if (event.key !== "Escape" || !isPressed("large")) return;
  const from = /** @type {Element} */ (event.target);
  if (from !== document.body && !host()?.contains(from)) return;
  enlarge(false);
  // Most buttons are there in the large picture only and would take the focus away with them.
  const goal = from === board() ? from : button("large");
  if (goal instanceof HTMLElement) goal.focus({ preventScroll: true });
}

function type(/** @type {KeyboardEvent} */ event) {
  const act = KEYS[event.key];
  if (!act || event.target !== board() || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

/** @type {Map<number, { x: number, y: number }>} */
const pointers = new Map();
let spread = 0; // between two fingers

function grip(/** @type {PointerEvent} */ event) {
  const canvas = board();
  if (!view || !canvas?.contains(/** @type {Node} */ (event.target))) return;
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  view.held = true;
  spread = 0;
}

function drag(/** @type {PointerEvent} */ event) {
  const last = pointers.get(event.pointerId);
  if (!view || !last) return;
  const [x, y] = [event.clientX - last.x, event.clientY - last.y];
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const [one, other] = [...pointers.values()];
  if (one && other) {
    const now = Math.hypot(one.x - other.x, one.y - other.y);
    if (spread) zoom(now / spread, false);
    spread = now;
  } else turn(-x * 0.009, y * 0.006, false);
}

function let_go(/** @type {PointerEvent} */ event) {
  if (!pointers.delete(event.pointerId) || pointers.size || !view) return;
  view.held = false;
  view.ask();
}

/** The wheel scrolls the page; with Ctrl, or two fingers on a pad, it brings the product nearer. */
function roll(/** @type {WheelEvent} */ event) {
  if (!view || !event.ctrlKey || !board()?.contains(/** @type {Node} */ (event.target))) return;
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * 0.004), false);
}

/** Somebody tries to turn the drawing: that is what solids are for. */
function pull(/** @type {PointerEvent} */ event) {
  const drawing = /** @type {Element} */ (event.target).closest(".stage-elevation");
  if (!drawing || view) return;
  const start = event.clientX;
  const watch = new AbortController();
  const follow_ = (/** @type {PointerEvent} */ moved) => {
    if (Math.abs(moved.clientX - start) < 12) return;
    watch.abort();
    open();
  };
  const { signal } = watch;
  document.addEventListener("pointermove", follow_, { signal });
  for (const name of ["pointerup", "pointercancel"])
    document.addEventListener(name, () => watch.abort(), { signal });
}

function start() {
  if (!host()) return;
  document.addEventListener("click", press);
  document.addEventListener("keydown", type);
  document.addEventListener("keydown", shrink);
  document.addEventListener("pointerdown", grip);
  document.addEventListener("pointerdown", pull);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", let_go);
  document.addEventListener("pointercancel", let_go);
  document.addEventListener("wheel", roll, { passive: false });
  document.addEventListener("htmx:afterSwap", follow);
  for (const name of ["pointerenter", "focus"])
    button("open")?.addEventListener(name, () => load(), { once: true });
  if (!isRemembered()) return;
  const idle =
    window.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 300));
  const soon = () => idle(() => open(false));
  if (document.readyState === "complete") soon();
  else window.addEventListener("load", soon, { once: true });
}

start();
