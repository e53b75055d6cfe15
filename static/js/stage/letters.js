// Letters are an inlay of their own material, never the colour of what they stand on. What a
// customer wrote comes as the outlines the machine follows; the rest is set by the browser.

import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  MeshStandardMaterial,
  SRGBColorSpace,
} from "three";
import { studio } from "./light.js";
import { middle } from "./solids.js";

/** @typedef {import("./solids.js").Part} Part */
/** @typedef {[number, number, number]} Triple */

/** As in design/shape/drawing.py. */
const FAMILIES = {
  sans: "system-ui, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
  serif: "Georgia, 'Noto Serif SC', 'Songti SC', SimSun, serif",
  script: "'Snell Roundhand', 'Segoe Script', 'Kaiti SC', KaiTi, cursive",
};
const LINE = 1.15; // height of a line in parts of the font size
const STRIPS = 8; // of letters that follow a round tube
const LIFT = 0.0004; // metres over what they stand on

/** Width and height of the space of a line of letters, in mm. */
function space(/** @type {Part} */ part) {
  if (!part.ends) return /** @type {[number, number]} */ ([part.size[0], part.size[2]]);
  const [from, to] = part.ends;
  const length = Math.hypot(...to.map((end, axis) => end - (from[axis] ?? 0)));
  return /** @type {[number, number]} */ ([length, part.diameter ?? 0]);
}

/**
 * The face letters stand on: flat, or around the tube that runs under them.
 * @param {Part} part
 * @param {Part[]} others
 */
export function face(part, others) {
  const [wide, high] = space(part).map((side) => side / 1000);
  const turn = slope(part);
  const under = part.ends ? others.find((one) => isUnder(one, part)) : undefined;
  const radius = (under?.diameter ?? 0) / 2000;
  const [, depth] = under ? middle(under) : [0, 0];
  const back = under ? (depth - middle(part)[1]) / 1000 : 0;
  const rows = under ? STRIPS : 1;
  const [points, normals, marks, faces] = [[], [], [], []].map(() => /** @type {number[]} */ ([]));
  for (let row = 0; row <= rows; row += 1) {
    const up = (row / rows - 0.5) * (high ?? 0);
    const lean = radius ? up / radius : 0;
    const out = radius ? (radius + LIFT) * Math.cos(lean) - back : 0;
    const rise = radius ? (radius + LIFT) * Math.sin(lean) : up;
    for (const right of [-0.5, 0.5]) {
      points?.push(right * (wide ?? 0), rise, out);
      normals?.push(0, Math.sin(lean), Math.cos(lean));
      marks?.push(right + 0.5, row / rows);
    }
    if (row) faces?.push(2 * row - 2, 2 * row - 1, 2 * row + 1, 2 * row - 2, 2 * row + 1, 2 * row);
  }
  const made = new BufferGeometry();
  made.setAttribute("position", new BufferAttribute(new Float32Array(points ?? []), 3));
  made.setAttribute("normal", new BufferAttribute(new Float32Array(normals ?? []), 3));
  made.setAttribute("uv", new BufferAttribute(new Float32Array(marks ?? []), 2));
  made.setIndex(faces);
  made.rotateZ(turn);
  made.computeBoundingBox();
  made.computeBoundingSphere();
  return made;
}

/** Radians counterclockwise as seen from the front; letters run to the right. */
function slope(/** @type {Part} */ { ends }) {
  if (!ends) return 0;
  const [from, to] = [...ends].sort((a, b) => a[0] - b[0]);
  return Math.atan2((to?.[2] ?? 0) - (from?.[2] ?? 0), (to?.[0] ?? 0) - (from?.[0] ?? 0));
}

/** Whether a tube runs along the letters, close behind them. */
function isUnder(/** @type {Part} */ tube, /** @type {Part} */ letters) {
  if (tube.kind !== "tube" || !tube.ends || (tube.diameter ?? 0) < (letters.diameter ?? 0))
    return false;
  const [x, , z] = middle(letters);
  const [from, to] = tube.ends;
  const [run, rise] = [to[0] - from[0], to[2] - from[2]];
  const length = Math.hypot(run, rise);
  const aside = Math.abs((x - from[0]) * rise - (z - from[2]) * run) / length;
  const [one, other] = /** @type {[Triple, Triple]} */ (letters.ends);
  const skew = Math.abs((other[0] - one[0]) * rise - (other[2] - one[2]) * run) / length;
  return aside < (tube.diameter ?? 0) / 4 && skew < 2;
}

/** The inlay: its colour is the part's, its shape the letters'. */
export function inlay(/** @type {Part} */ part, /** @type {string} */ colour) {
  const texture = new CanvasTexture(written(part));
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  const made = new MeshStandardMaterial({
    color: new Color(colour),
    map: texture,
    transparent: true,
    depthWrite: false,
    roughness: 0.45,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
  });
  made.onBeforeCompile = studio;
  return made;
}

/** White letters on nothing, as large as they fit into their space in one line. */
function written(/** @type {Part} */ part) {
  const [wide, high] = space(part);
  const scale = Math.min(2048 / wide, 160 / high);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(2, Math.round(wide * scale));
  canvas.height = Math.max(2, Math.round(high * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#ffffff";
  if (part.path && part.ink) {
    // As the machine cuts it: outline by outline, in its own size.
    const [em, ink, capital] = part.ink;
    context.scale(scale, scale);
    context.translate((wide - ink) / 2, (high + capital) / 2);
    context.scale(em / 1000, em / 1000);
    context.fill(new Path2D(part.path));
    return canvas;
  }
  const family = FAMILIES[part.font ?? "sans"];
  const words = part.text ?? "";
  context.font = `500 100px ${family}`;
  const width = Math.max(context.measureText(words).width, 1);
  const size = Math.min(canvas.height / LINE, (canvas.width / width) * 98);
  context.font = `500 ${size}px ${family}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(words, canvas.width / 2, canvas.height / 2 + size * 0.35);
  return canvas;
}

/** Fonts that the page brings along must be there before letters are drawn. */
export async function loadFonts(/** @type {Part[]} */ parts) {
  const asked = parts
    .filter((part) => part.text)
    .map((part) => document.fonts.load(`500 40px ${FAMILIES[part.font ?? "sans"]}`, part.text));
  await Promise.allSettled(asked);
}
