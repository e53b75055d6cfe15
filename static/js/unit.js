// A unit's page, live. The socket says that something happened, HTTP says what: nothing is lost
// when the socket was away, because events after the last seq are asked for on every return.
import { announce } from "./lib/announce.js";
import { getJson, LiveSocket } from "./lib/live.js";

const LOOK_AGAIN_MS = 15_000; // also where no socket is to be had, and for a line gone silent

/**
 * @typedef {{seq: number, stage: string, facts: Record<string, unknown>}} UnitEvent
 * @typedef {{events: UnitEvent[], last: number, more: boolean}} Missed
 */

class LiveProgress {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.isAsking = false;
    this.mustAskAgain = false;
    this.socket = new LiveSocket(root.dataset.ticketUrl ?? "", {
      opened: () => this.catchUp(),
      heard: ({ type, seq }) => {
        if (type === "unit.changed" && seq > this.seq) this.catchUp();
      },
    });
  }

  start() {
    if (!this.isOver) this.socket.connect();
    window.setInterval(() => this.catchUp({ always: true }), LOOK_AGAIN_MS);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.catchUp();
    });
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

  /** The picture of the unit fills as it is made. */
  drawPicture() {
    const picture = /** @type {HTMLElement | null} */ (document.querySelector("[data-picture]"));
    if (!picture || !this.shown) return;
    picture.dataset.made = this.shown.dataset.made;
    picture.dataset.state = this.shown.dataset.state;
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
    this.drawPicture();
    const headline = this.shown?.dataset.headline ?? "";
    if (headline && headline !== before) announce(headline);
    if (this.isOver) this.socket.close();
  }
}

for (const root of document.querySelectorAll("[data-live]")) {
  new LiveProgress(/** @type {HTMLElement} */ (root)).start();
}
