// A live socket with a ticket: opened again whenever it closes, more and more patiently.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** @typedef {{type: string, seq: number}} LiveMessage */

export class LiveSocket {
  /**
   * @param {string} ticketUrl where a ticket is to be had
   * @param {{opened: () => void, heard: (message: LiveMessage) => void}} page
   */
  constructor(ticketUrl, page) {
    this.ticketUrl = ticketUrl;
    this.page = page;
    this.wait_ms = FIRST_WAIT_MS;
    this.isOver = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    window.addEventListener("online", () => this.connectNow());
  }

  connectNow() {
    this.wait_ms = FIRST_WAIT_MS;
    if (this.socket === null) this.connect();
  }

  async connect() {
    if (this.isOver) return;
    try {
      const ticket = await getJson(this.ticketUrl);
      this.open(new WebSocket(ticket.url));
    } catch {
      this.later();
    }
  }

  close() {
    this.isOver = true;
    this.socket?.close();
  }

  /** @param {WebSocket} socket */
  open(socket) {
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait_ms = FIRST_WAIT_MS;
      this.page.opened(); // what happened before the group was joined
    });
    socket.addEventListener("message", (message) => this.page.heard(JSON.parse(message.data)));
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
}

/** @param {string | undefined} url */
export async function getJson(url) {
  const answer = await fetch(url ?? "", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} at ${url}`);
  return answer.json();
}
