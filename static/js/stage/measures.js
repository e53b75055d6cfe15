// Dimension lines over the solids: an SVG in the page's own ink, drawn anew with each picture.

import { Vector3 } from "three";

const AWAY = 0.045; // distance of a line from the product, in parts of its largest side
const SPACE = "http://www.w3.org/2000/svg";

/** @typedef {{ x: number, y: number }} Point */

export class Measures {
  constructor(/** @type {Element} */ host) {
    this.svg = document.createElementNS(SPACE, "svg");
    this.svg.setAttribute("class", "stage-lines");
    this.svg.setAttribute("aria-hidden", "true"); // the words beside the picture say the same
    host.append(this.svg);
  }

  hide() {
    this.svg.replaceChildren();
  }

  /**
   * Along the edges of the box that stand free from where the camera is.
   * @param {any} camera
   * @param {{ low: any, high: any }} box
   * @param {number} turn
   * @param {{ wide: number, high: number }} frame
   * @param {(millimetres: number) => string} label
   */
  draw(camera, box, turn, frame, label) {
    this.svg.setAttribute("viewBox", `0 0 ${frame.wide} ${frame.high}`);
    const gap = AWAY * Math.max(...box.high.clone().sub(box.low).toArray());
    const front = Math.cos(turn) >= 0 ? box.high.z : box.low.z;
    const side = Math.sin(turn) > 0.05 ? box.high.x : box.low.x;
    const other = side === box.high.x ? box.low.x : box.high.x;
    const outwards = Math.sign(front) * gap;
    const aside = Math.sign(side) * gap;
    const seen = (/** @type {number[]} */ [x, y, z]) => {
      const at = new Vector3(x, y, z).project(camera);
      return { x: ((at.x + 1) / 2) * frame.wide, y: ((1 - at.y) / 2) * frame.high };
    };
    const { low, high } = box;
    const near = front + outwards;
    const free = Math.abs(Math.sin(turn)) < 0.05 ? other : side;
    /** @type {[Point, Point, number][]} */
    const lines = [
      [seen([low.x, low.y, near]), seen([high.x, low.y, near]), high.x - low.x],
      [seen([side + aside, low.y, low.z]), seen([side + aside, low.y, high.z]), high.z - low.z],
      [
        seen([-free + Math.sign(-free) * gap, low.y, front]),
        seen([-free + Math.sign(-free) * gap, high.y, front]),
        high.y - low.y,
      ],
    ];
    this.svg.replaceChildren();
    for (const [from, to, metres] of lines)
      this.line(from, to, label(Math.round(metres * 1e5) / 100));
  }

  line(/** @type {Point} */ from, /** @type {Point} */ to, /** @type {string} */ words) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length < 24) return; // seen from its end
    const [x, y] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const tick = (/** @type {Point} */ at) =>
      `M${at.x - 5 * y} ${at.y + 5 * x}L${at.x + 5 * y} ${at.y - 5 * x}`;
    const path = document.createElementNS(SPACE, "path");
    path.setAttribute("d", `M${from.x} ${from.y}L${to.x} ${to.y}${tick(from)}${tick(to)}`);
    const text = document.createElementNS(SPACE, "text");
    text.textContent = words;
    text.setAttribute("x", String((from.x + to.x) / 2));
    text.setAttribute("y", String((from.y + to.y) / 2));
    this.svg.append(path, text);
  }
}
