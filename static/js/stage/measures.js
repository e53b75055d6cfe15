// Dimension lines over the solids: an SVG in the page's own ink, drawn anew with each picture.

import { Vector3 } from "three";

export const AWAY = 0.045; // distance of a line from the product, in parts of its largest side
const ASIDE = 18; // pixels from an upright edge
export const BESIDE = 56; // pixels for the words of an upright line, left of the product
const SHORTEST = 0.3; // of the scale of the line that is seen best
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
   * @param {{ turn: number, rise: number }} seenFrom
   * @param {{ wide: number, high: number }} frame
   * @param {(millimetres: number) => string} label
   */
  draw(camera, box, seenFrom, frame, label) {
    const { turn } = seenFrom;
    this.svg.setAttribute("viewBox", `0 0 ${frame.wide} ${frame.high}`);
    const { low, high } = box;
    const gap = AWAY * Math.max(...high.clone().sub(low).toArray());
    const front = Math.cos(turn) >= 0 ? high.z : low.z;
    const side = Math.sin(turn) >= 0 ? high.x : low.x;
    const seen = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) => {
      const at = new Vector3(x, y, z).project(camera);
      return { x: ((at.x + 1) / 2) * frame.wide, y: ((1 - at.y) / 2) * frame.high };
    };
    const flat = seenFrom.rise > Math.PI / 4 ? high.y : low.y; // from above the upper edges are seen
    const before = front + Math.sign(front) * gap;
    const beside = side + Math.sign(side) * gap;
    /** @type {[Point, Point, number][]} */
    const lines = [
      [seen(low.x, flat, before), seen(high.x, flat, before), high.x - low.x],
      [seen(beside, flat, low.z), seen(beside, flat, high.z), high.z - low.z],
      [...this.edge(box, seen), high.y - low.y],
    ];
    this.svg.replaceChildren();
    const scale = (/** @type {[Point, Point, number]} */ [from, to, metres]) =>
      Math.hypot(to.x - from.x, to.y - from.y) / metres;
    const largest = Math.max(...lines.map(scale));
    for (const one of lines) {
      // What is seen nearly from its end says nothing.
      if (scale(one) > SHORTEST * largest)
        this.line(one[0], one[1], label(Math.round(one[2] * 1e5) / 100));
    }
  }

  /**
   * The upright edge that is furthest to the left on the screen, moved away from the product.
   * @param {{ low: any, high: any }} box
   * @param {(x: number, y: number, z: number) => Point} seen
   * @returns {[Point, Point]}
   */
  edge({ low, high }, seen) {
    const edges = [low.x, high.x].flatMap((x) => [low.z, high.z].map((z) => [x, z]));
    const ends = edges.map(
      ([x, z]) => /** @type {[Point, Point]} */ ([seen(x, low.y, z), seen(x, high.y, z)]),
    );
    ends.sort(([a, b], [c, d]) => Math.min(a.x, b.x) - Math.min(c.x, d.x));
    const [foot, head] = /** @type {[Point, Point]} */ (ends[0]);
    return [
      { x: foot.x - ASIDE, y: foot.y },
      { x: head.x - ASIDE, y: head.y },
    ];
  }

  line(/** @type {Point} */ from, /** @type {Point} */ to, /** @type {string} */ words) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length < 1) return;
    const [x, y] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const tick = (/** @type {Point} */ at) =>
      `M${at.x - 5 * y} ${at.y + 5 * x}L${at.x + 5 * y} ${at.y - 5 * x}`;
    const path = document.createElementNS(SPACE, "path");
    path.setAttribute("d", `M${from.x} ${from.y}L${to.x} ${to.y}${tick(from)}${tick(to)}`);
    const text = document.createElementNS(SPACE, "text");
    text.textContent = words;
    const isUpright = Math.abs(x) < 0.2;
    if (isUpright) text.setAttribute("class", "is-upright"); // beside the line, not over the product
    text.setAttribute("x", String((from.x + to.x) / 2 - (isUpright ? 8 : 0)));
    text.setAttribute("y", String((from.y + to.y) / 2));
    this.svg.append(path, text);
  }
}
