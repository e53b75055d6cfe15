// The solids of parts: the same shapes as design/shape/solids.py, checked against it by a test.
// Lengths in the part's JSON are millimetres (x right, y away from the viewer, z up); the scene is
// in metres (x right, y up, z towards the viewer). A solid lies around the middle of its part.

import { BufferAttribute, BufferGeometry } from "three";

/**
 * @typedef {[number, number, number]} Triple
 * @typedef {{ id: string, kind: "box" | "cylinder" | "tube" | "text", size: Triple, at: Triple,
 *   material: number, axis?: "x" | "y" | "z", radius?: number, ends?: [Triple, Triple],
 *   diameter?: number, text?: string, font?: "sans" | "serif" | "script",
 *   path?: string, ink?: [number, number, number] }} Part
 */

const QUARTER = 5; // steps around a quarter of a rounded corner
const AROUND = 48; // steps around a cylinder
const BEVEL = 3; // steps over a rounded edge

class Surface {
  constructor() {
    /** @type {number[]} */ this.points = [];
    /** @type {number[]} */ this.normals = [];
    /** @type {number[]} */ this.faces = [];
  }

  /** @param {Triple} point @param {Triple} normal */
  add(point, normal) {
    this.points.push(...point);
    this.normals.push(...normal);
    return this.points.length / 3 - 1;
  }

  /** Join two rings of equally many points; the faces look to the right of the way upwards. */
  band(/** @type {number[]} */ below, /** @type {number[]} */ above) {
    for (let here = 0; here < below.length; here += 1) {
      const next = (here + 1) % below.length;
      const [a, b, c, d] = [below[here], below[next], above[next], above[here]];
      this.faces.push(.../** @type {number[]} */ ([a, b, c, a, c, d]));
    }
  }

  /** Close a convex ring. */
  lid(/** @type {number[]} */ ring) {
    for (let here = 1; here + 1 < ring.length; here += 1)
      this.faces.push(
        .../** @type {[number, number, number]} */ ([ring[0], ring[here], ring[here + 1]]),
      );
  }
}

/**
 * The middle of a part, in mm.
 * @param {Part} part
 * @returns {Triple}
 */
export function middle({ at, size }) {
  return [at[0] + size[0] / 2, at[1] + size[1] / 2, at[2] + size[2] / 2];
}

/** A box, its edges rounded: across its thinnest side only as far as that side reaches. */
function box(/** @type {Surface} */ surface, /** @type {Part} */ part) {
  const thin = part.size.indexOf(Math.min(...part.size));
  const [u, v] = [(thin + 1) % 3, (thin + 2) % 3];
  const half = part.size.map((side) => side / 2);
  const [wide, high, deep] = /** @type {Triple} */ ([half[u], half[v], half[thin]]);
  const radius = Math.min(part.radius ?? 0, wide, high);
  const bevel = Math.min(radius, deep);
  /** @param {number} right @param {number} up @param {number} out @returns {Triple} */
  const place = (right, up, out) => {
    /** @type {Triple} */
    const point = [0, 0, 0];
    point[u] = right;
    point[v] = up;
    point[thin] = out;
    return point;
  };
  /** A ring at ``out``, ``inset`` from the widest; it looks outwards by ``tilt`` of a quarter. */
  const ring = (
    /** @type {number} */ out,
    /** @type {number} */ inset,
    /** @type {number} */ tilt,
  ) => {
    const [flat, steep] = [Math.cos(tilt), Math.sin(tilt)];
    const corner = radius - inset;
    const made = [];
    for (const [index, [x, y]] of [
      [1, 1],
      [-1, 1],
      [-1, -1],
      [1, -1],
    ].entries()) {
      for (let step = 0; step <= (radius ? QUARTER : 1); step += 1) {
        const turn = (index + step / (radius ? QUARTER : 1)) * (Math.PI / 2);
        const [cos, sin] = [round(Math.cos(turn)), round(Math.sin(turn))];
        const right = /** @type {number} */ (x) * (wide - radius) + corner * cos;
        const up = /** @type {number} */ (y) * (high - radius) + corner * sin;
        made.push(surface.add(place(right, up, out), place(cos * flat, sin * flat, steep)));
      }
    }
    return made;
  };
  const rings = [];
  for (let step = bevel ? BEVEL : 0; step >= 0; step -= 1) {
    const tilt = bevel ? (step / BEVEL) * (Math.PI / 2) : 0;
    const inset = bevel * (1 - Math.cos(tilt));
    rings.unshift([deep - bevel + bevel * Math.sin(tilt), inset, tilt]);
  }
  const upper = rings.map(([out, inset, tilt]) =>
    ring(/** @type {number} */ (out), /** @type {number} */ (inset), /** @type {number} */ (tilt)),
  );
  const lower = rings.map(([out, inset, tilt]) =>
    ring(
      -(/** @type {number} */ (out)),
      /** @type {number} */ (inset),
      -(/** @type {number} */ (tilt)),
    ),
  );
  const all = [...lower.reverse(), ...upper];
  for (let step = 1; step < all.length; step += 1)
    surface.band(/** @type {number[]} */ (all[step - 1]), /** @type {number[]} */ (all[step]));
  const top = /** @type {number[]} */ (rings.at(-1));
  const [out, inset] = /** @type {[number, number]} */ ([top[0], top[1]]);
  surface.lid(ring(out, inset, Math.PI / 2));
  surface.lid(ring(-out, inset, -Math.PI / 2).reverse());
}

/** A rod from one middle to the other; the ring also has the points that reach furthest. */
function rod(
  /** @type {Surface} */ surface,
  /** @type {Triple} */ from,
  /** @type {Triple} */ to,
  /** @type {[Triple, Triple]} */ across,
) {
  const [right, up] = across;
  const angles = new Set();
  for (let step = 0; step < AROUND; step += 1) angles.add((step / AROUND) * 2 * Math.PI);
  for (let axis = 0; axis < 3; axis += 1) {
    const turn = Math.atan2(/** @type {number} */ (up[axis]), /** @type {number} */ (right[axis]));
    for (const angle of [turn, turn + Math.PI]) angles.add((angle + 4 * Math.PI) % (2 * Math.PI));
  }
  const sorted = [...angles].sort((a, b) => a - b);
  const along = unit(/** @type {Triple} */ (to.map((end, axis) => end - (from[axis] ?? 0))));
  /** @param {Triple} end @param {Triple | null} normal */
  const ring = (end, normal) =>
    sorted.map((angle) => {
      const [cos, sin] = [round(Math.cos(angle)), round(Math.sin(angle))];
      const reach = /** @type {Triple} */ (
        end.map((_, axis) => (right[axis] ?? 0) * cos + (up[axis] ?? 0) * sin)
      );
      const point = /** @type {Triple} */ (end.map((side, axis) => side + (reach[axis] ?? 0)));
      return surface.add(point, normal ?? unit(reach));
    });
  surface.band(ring(from, null), ring(to, null));
  surface.lid(ring(to, along));
  const back = /** @type {Triple} */ (along.map((side) => -side));
  surface.lid(ring(from, back).reverse());
}

function cylinder(/** @type {Surface} */ surface, /** @type {Part} */ part) {
  const axis = "xyz".indexOf(part.axis ?? "z");
  const [u, v] = /** @type {[number, number]} */ ([(axis + 1) % 3, (axis + 2) % 3]);
  /** @param {number} side @param {number} sign @returns {Triple} */
  const reach = (side, sign) => {
    /** @type {Triple} */
    const found = [0, 0, 0];
    found[side] = (sign * (part.size[side] ?? 0)) / 2;
    return found;
  };
  rod(surface, reach(axis, -1), reach(axis, 1), [reach(u, 1), reach(v, 1)]);
}

function tube(/** @type {Surface} */ surface, /** @type {Part} */ part) {
  const centre = middle(part);
  const [from, to] = /** @type {[Triple, Triple]} */ (part.ends).map(
    (end) => /** @type {Triple} */ (end.map((side, axis) => side - (centre[axis] ?? 0))),
  );
  const along = unit(
    /** @type {Triple} */ (to?.map((side, axis) => side - (from?.[axis] ?? 0)) ?? [0, 0, 1]),
  );
  const least = along.map(Math.abs).indexOf(Math.min(...along.map(Math.abs)));
  const pole = /** @type {Triple} */ ([0, 1, 2].map((axis) => Number(axis === least)));
  const right = unit(cross(pole, along));
  const up = cross(along, right);
  const radius = (part.diameter ?? 0) / 2;
  const scaled = [right, up].map((side) => /** @type {Triple} */ (side.map((one) => one * radius)));
  rod(
    surface,
    /** @type {Triple} */ (from),
    /** @type {Triple} */ (to),
    /** @type {[Triple, Triple]} */ (scaled),
  );
}

/**
 * The solid of a part as three.js draws it; letters are drawn by letters.js.
 * @param {Part} part
 * @param {"x" | "y" | "z" | ""} grain - along which the texture runs; "" for the longest side
 */
export function solid(part, grain = "") {
  const surface = new Surface();
  if (part.kind === "box") box(surface, part);
  else if (part.ends) tube(surface, part);
  else cylinder(surface, part);
  return geometry(surface, part, grain);
}

function geometry(
  /** @type {Surface} */ { points, normals, faces },
  /** @type {Part} */ part,
  /** @type {string} */ grain,
) {
  const made = new BufferGeometry();
  made.setAttribute("position", new BufferAttribute(turned(points, 0.001), 3));
  made.setAttribute("normal", new BufferAttribute(turned(normals, 1), 3));
  made.setAttribute("uv", new BufferAttribute(unrolled(points, normals, part, grain), 2));
  made.setIndex(faces);
  made.computeBoundingBox();
  made.computeBoundingSphere();
  return made;
}

/** From the part's axes to the scene's. */
function turned(/** @type {number[]} */ triples, /** @type {number} */ scale) {
  const found = new Float32Array(triples.length);
  for (let at = 0; at < triples.length; at += 3) {
    found[at] = (triples[at] ?? 0) * scale;
    found[at + 1] = (triples[at + 2] ?? 0) * scale;
    found[at + 2] = -(triples[at + 1] ?? 0) * scale;
  }
  return found;
}

/** Metres on the surface: along the grain, and across it. No two boards start at the same place. */
function unrolled(
  /** @type {number[]} */ points,
  /** @type {number[]} */ normals,
  /** @type {Part} */ part,
  /** @type {string} */ grain,
) {
  const longest = part.size.indexOf(Math.max(...part.size));
  const along = grain ? "xyz".indexOf(grain) : longest;
  const start = (part.at[0] * 0.137 + part.at[1] * 0.071 + part.at[2] * 0.319) / 100;
  const found = new Float32Array((points.length / 3) * 2);
  for (let at = 0; at < points.length; at += 3) {
    const facing = normals.slice(at, at + 3).map(Math.abs);
    const away = facing.indexOf(Math.max(...facing));
    const sides = [0, 1, 2].filter((axis) => axis !== away);
    if (sides[1] === along) sides.reverse();
    for (const [index, axis] of sides.entries())
      found[(at / 3) * 2 + index] = (points[at + axis] ?? 0) / 1000 + start;
  }
  return found;
}

function cross(/** @type {Triple} */ [a, b, c], /** @type {Triple} */ [x, y, z]) {
  return /** @type {Triple} */ ([b * z - c * y, c * x - a * z, a * y - b * x]);
}

function unit(/** @type {Triple} */ sides) {
  const length = Math.hypot(...sides) || 1;
  return /** @type {Triple} */ (sides.map((side) => side / length));
}

/** The sine of a half turn is nothing at all. */
function round(/** @type {number} */ value) {
  return Math.abs(value) < 1e-12 ? 0 : value;
}
