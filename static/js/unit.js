// A unit's page, live. The socket says that something happened, HTTP says what: nothing is lost
// when the socket was away, because events after the last seq are asked for on every return.
import { announce } from "./lib/announce.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const LOOK_AGAIN_MS = 15_000; // also where no socket is to be had, and for a line gone silent

/**
 * @typedef {{seq: number, stage: string, facts: Record<string, unknown>}} UnitEvent
 * @typedef {{events: UnitEvent[], last: number, more: boolean}} Missed
 */

class LiveProgress {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.wait_ms = FIRST_WAIT_MS;
    this.isAsking = false;
    this.mustAskAgain = false;
    /** @type {WebSocket | null} */
    this.socket = null;
  }

  start() {
    this.connect();
    window.setInterval(() => this.catchUp({ always: true }), LOOK_AGAIN_MS);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.catchUp();
    });
    window.addEventListener("online", () => this.connectNow());
  }

  get shown() {
    return /** @type {HTMLElement | null} */ (this.root.querySelector("[data-progress]"));
  }

  get seq() {
    return Number(this.shown?.dataset.seq ?? 0);
  }

  get isOver() {
    return this.shown?.dataset.over !== undefined;
  }

  connectNow() {
    this.wait_ms = FIRST_WAIT_MS;
    if (this.socket === null) this.connect();
  }

  async connect() {
    if (this.isOver) return;
    try {
      const ticket = await getJson(this.root.dataset.ticketUrl);
      this.open(new WebSocket(ticket.url));
    } catch {
      this.later();
    }
  }

  /** @param {WebSocket} socket */
  open(socket) {
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait_ms = FIRST_WAIT_MS;
      this.catchUp(); // what happened before the group was joined
    });
    socket.addEventListener("message", (message) => {
      const { type, seq } = JSON.parse(message.data);
      if (type === "unit.changed" && seq > this.seq) this.catchUp();
    });
    socket.addEventListener("close", () => {
      this.socket = null;
      this.later();
    });
  }

  later() {
    if (this.isOver) return;
    window.setTimeout(() => this.connect(), this.wait_ms * (0.5 + Math.random()));
    this.wait_ms = Math.min(LONGEST_WAIT_MS, this.wait_ms * 2);
  }

  /**
   * Ask for what happened after the last seq shown; one question at a time.
   * @param {{always?: boolean}} how `always` draws anew even if nothing happened
   */
  async catchUp({ always = false } = {}) {
    if (this.isAsking) {
      this.mustAskAgain = true;
      return;
    }
    this.isAsking = true;
    try {
      const missed = /** @type {Missed} */ (
        await getJson(`${this.root.dataset.eventsUrl}?after=${this.seq}`)
      );
      if (missed.events.length > 0 || (always && !this.isOver)) await this.draw();
    } catch {
      // The next message, or the next look, asks again.
    } finally {
      this.isAsking = false;
    }
    if (this.mustAskAgain) {
      this.mustAskAgain = false;
      await this.catchUp();
    }
  }

  async draw() {
    const before = this.shown?.dataset.headline;
    const opened = [...this.root.querySelectorAll("details")].map((one) => one.open);
    await window.htmx.ajax("get", this.root.dataset.progressUrl ?? "", {
      target: this.root,
      swap: "innerHTML",
    });
    this.root.querySelectorAll("details").forEach((one, place) => {
      one.open = opened[place] ?? one.open;
    });
    const headline = this.shown?.dataset.headline ?? "";
    if (headline && headline !== before) announce(headline);
    if (this.isOver) this.socket?.close();
  }
}

/** @param {string | undefined} url */
async function getJson(url) {
  const answer = await fetch(url ?? "", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} at ${url}`);
  return answer.json();
}

for (const root of document.querySelectorAll("[data-live]")) {
  new LiveProgress(/** @type {HTMLElement} */ (root)).start();
}
