// The board under the hand: arrows between bars, the unit of a bar in the panel, the clock's line.
// Without this module every bar is a link that shows its unit, and every link can be reached by Tab.

import { LiveSocket } from "./lib/live.js";

const GATHER_MS = 400; // a plan tells many things at once: the board looks once
const SETTLE_MS = 250; // a bar the focus rests on shows its unit
const CLOCK_MS = 1000;

/** @typedef {SVGAElement} Bar */

class Board {
  constructor() {
    /** The bar that Tab comes back to, by id: it outlives the drawing.
     * @type {string} */
    this.current = "";
    /** @type {string} */
    this.unit = "";
    /** @type {number | undefined} */
    this.timer = undefined;
    this.kept = { left: 0, hadFocus: false };
    // Read once a drawing: thousands of bars are too many to look through at every key.
    /** Rows without any bar are left out.
     * @type {Bar[][]} */
    this.rows = [];
    /** @type {Map<string, Bar[]>} */
    this.ofUnit = new Map();
    /** @type {Bar[]} */
    this.marked = [];
  }

  start() {
    const here = new URL(window.location.href);
    this.unit = here.searchParams.get("unit") ?? "";
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("focusin", (event) => this.focused(event));
    document.addEventListener("htmx:beforeSwap", (event) => this.keep(event));
    document.addEventListener("htmx:afterSwap", () => this.restore());
    window.setInterval(() => this.tick(), CLOCK_MS);
    this.listen();
    this.prepare();
    this.showNow();
    this.showStep();
    if (this.panel?.dataset.found !== undefined) this.flash();
  }

  /** The plant says when something has changed; the board asks what. */
  listen() {
    const ticket = document
      .querySelector("[data-planner-ticket]")
      ?.getAttribute("data-planner-ticket");
    if (!ticket) return;
    /** @type {number | undefined} */
    let soon;
    const look = () => {
      window.clearTimeout(soon);
      soon = window.setTimeout(() => window.htmx.trigger(document.body, "planned"), GATHER_MS);
    };
    new LiveSocket(ticket, { opened: look, heard: look }).connect();
  }

  get grid() {
    return document.getElementById("board");
  }

  get panel() {
    return document.getElementById("chosen");
  }

  /** Read the drawing; leave one stop for Tab in it; mark the chosen unit. */
  prepare() {
    const rows = [...document.querySelectorAll("#board .board-row")].map(barsIn);
    this.rows = rows.filter((bars) => bars.length > 0);
    const bars = this.rows.flat();
    this.ofUnit = new Map();
    for (const bar of bars) {
      const unit = unitOf(bar);
      this.ofUnit.set(unit, [...(this.ofUnit.get(unit) ?? []), bar]);
    }
    const stop = bars.find((bar) => bar.id === this.current) ?? bars.find(isUpcoming) ?? bars[0];
    for (const bar of bars) bar.setAttribute("tabindex", bar === stop ? "0" : "-1");
    if (stop) this.current = stop.id;
    this.marked = bars.filter((bar) => bar.parentElement?.classList.contains("is-chosen"));
    this.mark();
    this.tick();
  }

  /** Where the board is wider than its place, begin shortly before the present. */
  showNow() {
    const scroll = document.getElementById("board-scroll");
    const line = scroll?.querySelector(".board-group .now");
    const room = (scroll?.scrollWidth ?? 0) - (scroll?.clientWidth ?? 0);
    if (!scroll || !line || room <= 0 || line.getAttribute("x1")?.startsWith("-")) return;
    const corner = scroll.querySelector(".board-corner")?.clientWidth ?? 0;
    const at = line.getBoundingClientRect().left - scroll.getBoundingClientRect().left;
    scroll.scrollLeft += at - corner - (scroll.clientWidth - corner) / 4;
  }

  mark() {
    for (const bar of this.marked) bar.parentElement?.classList.remove("is-chosen");
    this.marked = this.ofUnit.get(this.unit) ?? [];
    for (const bar of this.marked) bar.parentElement?.classList.add("is-chosen");
  }

  flash() {
    for (const bar of this.marked) bar.parentElement?.classList.add("is-found");
    if (this.marked[0]) this.moveTo(this.marked[0]);
  }

  /** @param {Bar} bar */
  moveTo(bar) {
    document.getElementById(this.current)?.setAttribute("tabindex", "-1");
    bar.setAttribute("tabindex", "0");
    this.current = bar.id;
    bar.focus();
    bar.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    if (target.closest("[data-close]")) {
      event.preventDefault();
      this.close();
      return;
    }
    const bar = /** @type {Bar | null} */ (target.closest("#board .bar-of a"));
    if (!bar) return;
    event.preventDefault();
    if (bar.id !== this.current) this.moveTo(bar);
    this.choose(bar);
  }

  /** @param {FocusEvent} event */
  focused(event) {
    window.clearTimeout(this.timer);
    const target = /** @type {Element} */ (event.target);
    const bar = /** @type {Bar | null} */ (target.closest("#board .bar-of a"));
    if (!bar) return;
    this.timer = window.setTimeout(() => this.choose(bar), SETTLE_MS);
  }

  /** @param {Bar} bar */
  choose(bar) {
    window.clearTimeout(this.timer);
    const address = addressOf(bar);
    this.unit = unitOf(bar);
    this.mark();
    if (address.search === window.location.search && this.panel?.childElementCount) return;
    window.history.replaceState(null, "", address.pathname + address.search);
    if (this.panel) this.fetch(this.panel, address.search);
  }

  /**
   * @param {HTMLElement} panel
   * @param {string} search
   */
  fetch(panel, search) {
    window.htmx.ajax("get", `${panel.dataset.address}${search}`, {
      target: panel,
      swap: "innerHTML",
    });
  }

  close() {
    const here = new URL(window.location.href);
    for (const name of ["unit", "step", "found", "q"]) here.searchParams.delete(name);
    window.history.replaceState(null, "", here.pathname + here.search);
    this.unit = "";
    this.panel?.replaceChildren();
    this.mark();
    document.getElementById(this.current)?.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = document.activeElement;
    const isInside = at !== null && at.closest("#board, #chosen") !== null;
    if (!isInside) return;
    if (event.key === "Escape" && this.unit) {
      this.close();
    } else if (event.key === "/") {
      document.getElementById("planner-q")?.focus();
    } else {
      const bar = /** @type {Bar | null} */ (at.closest("#board .bar-of a"));
      const next = bar && neighbour(this.rows, bar, event.key);
      if (!next) return;
      this.moveTo(next);
    }
    event.preventDefault();
  }

  /** @param {Event} event */
  keep(event) {
    const { target } = /** @type {CustomEvent} */ (event).detail;
    if (target?.id !== "planner-live") return;
    this.kept = {
      left: document.getElementById("board-scroll")?.scrollLeft ?? 0,
      hadFocus: document.activeElement?.closest("#board") !== null,
    };
  }

  /** The step that was asked for is in sight, however long the chain. */
  showStep() {
    const step = /** @type {HTMLElement | null} */ (this.panel?.querySelector("[aria-current]"));
    const chain = step?.parentElement;
    if (step && chain) chain.scrollLeft += middle(step) - middle(chain);
  }

  restore() {
    this.showStep();
    const scroll = document.getElementById("board-scroll");
    const grid = this.grid;
    if (!scroll || !grid || grid.dataset.ready !== undefined) return;
    grid.dataset.ready = "";
    scroll.scrollLeft = this.kept.left;
    this.prepare();
    if (this.kept.hadFocus && document.activeElement === document.body) {
      document.getElementById(this.current)?.focus({ preventScroll: true });
    }
  }

  /** The line of the present moves on between two drawings. */
  tick() {
    const grid = this.grid;
    if (!grid) return;
    const { now, from, until, factor } = grid.dataset;
    grid.dataset.shown ??= String(Date.now());
    const passed = (Date.now() - Number(grid.dataset.shown)) * Number(factor);
    const begin = Date.parse(from ?? "");
    const share = (Date.parse(now ?? "") + passed - begin) / (Date.parse(until ?? "") - begin);
    const at = share >= 0 && share <= 1 ? `${(share * 100).toFixed(3)}%` : "-9%";
    for (const line of grid.querySelectorAll(".now")) {
      line.setAttribute("x1", at);
      line.setAttribute("x2", at);
    }
  }
}

/**
 * @param {Element | null} place
 * @returns {Bar[]}
 */
function barsIn(place) {
  return place ? /** @type {Bar[]} */ ([...place.querySelectorAll(".bar-of a")]) : [];
}

/** @param {Bar} bar */
function addressOf(bar) {
  return new URL(bar.href.baseVal, window.location.href);
}

/** @param {Bar} bar */
function unitOf(bar) {
  return /[?&]unit=([^&#]*)/.exec(bar.href.baseVal)?.[1] ?? "";
}

/** @param {Bar} bar */
function isUpcoming(bar) {
  return !bar.parentElement?.classList.contains("is-done");
}

/** @param {Element} element */
function middle(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}

/**
 * The bar a key leads to: along the row, or to the one nearest in time in the next row.
 * @param {Bar[][]} rows
 * @param {Bar} bar
 * @param {string} key
 * @returns {Bar | undefined}
 */
function neighbour(rows, bar, key) {
  const row = rows.findIndex((bars) => bars.includes(bar));
  const bars = rows[row] ?? [];
  const place = bars.indexOf(bar);
  if (key === "ArrowRight") return bars[place + 1];
  if (key === "ArrowLeft") return bars[place - 1];
  if (key === "Home") return bars[0];
  if (key === "End") return bars.at(-1);
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  const others = step === undefined ? undefined : rows[row + step];
  if (!others) return undefined;
  const wanted = middle(bar);
  return others.reduce((best, one) =>
    Math.abs(middle(one) - wanted) < Math.abs(middle(best) - wanted) ? one : best,
  );
}

new Board().start();
