// Where the camera is: a turn around the product, a rise over the floor, a distance that fits.

import { PerspectiveCamera, Vector3 } from "three";

/** @typedef {{ turn: number, rise: number, zoom: number, apart: number }} Pose */

const FIELD = 24; // degrees, like a long lens: upright edges stay upright
const DEGREE = Math.PI / 180;
export const LOWEST = -8 * DEGREE;
export const HIGHEST = 89 * DEGREE;
export const ZOOM = [0.7, 5];

/** @type {Record<string, { turn: number, rise: number }>} */
export const VIEWS = {
  corner: { turn: 32 * DEGREE, rise: 11 * DEGREE },
  front: { turn: 0, rise: 2 * DEGREE },
  side: { turn: 90 * DEGREE, rise: 4 * DEGREE },
  back: { turn: 180 * DEGREE, rise: 6 * DEGREE },
  top: { turn: 0, rise: HIGHEST },
};

export function makeCamera() {
  return new PerspectiveCamera(FIELD, 1, 0.05, 60);
}

/**
 * Put the camera where the pose says, so far away that the box fills its picture.
 * @param {any} camera
 * @param {Pose} pose
 * @param {{ low: any, high: any }} box - corners of what must be seen, in metres
 * @param {{ wide: number, high: number, foot: number, left: number }} frame - of the picture, in
 *   CSS pixels; ``foot`` is kept free for what lies over its lower edge, ``left`` for words there
 */
export function place(camera, pose, box, frame) {
  const aim = new Vector3().addVectors(box.low, box.high).multiplyScalar(0.5);
  const flat = Math.cos(pose.rise);
  const out = new Vector3(
    Math.sin(pose.turn) * flat,
    Math.sin(pose.rise),
    Math.cos(pose.turn) * flat,
  );
  const right = new Vector3(Math.cos(pose.turn), 0, -Math.sin(pose.turn));
  const up = new Vector3().crossVectors(out, right);
  const rise = Math.tan((FIELD / 2) * DEGREE);
  const free = (frame.high - frame.foot) / frame.high;
  const tall = rise * 0.9 * free;
  const wide = (rise * (frame.wide - frame.left) * 0.88) / frame.high;
  let away = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    const at = new Vector3(
      corner & 1 ? box.high.x : box.low.x,
      corner & 2 ? box.high.y : box.low.y,
      corner & 4 ? box.high.z : box.low.z,
    ).sub(aim);
    const near = at.dot(out);
    const needed = Math.max(Math.abs(at.dot(right)) / wide, Math.abs(at.dot(up)) / tall);
    away = Math.max(away, near + needed);
  }
  away /= pose.zoom;
  camera.position.copy(aim).addScaledVector(out, away);
  camera.up.set(0, 1, 0);
  // Straight from above "up" is away from the viewer.
  if (pose.rise > HIGHEST - 0.01) camera.up.set(-Math.sin(pose.turn), 0, -Math.cos(pose.turn));
  camera.lookAt(aim);
  camera.aspect = frame.wide / frame.high;
  // What is kept free below moves the middle of the picture up, what is kept free beside it aside.
  const { wide: across, high, foot, left } = frame;
  camera.setViewOffset(across, high, -left / 2, foot / 2, across, high);
  camera.near = Math.max(away / 40, 0.02);
  camera.far = away * 4 + 4;
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld();
}

/** The way from one pose to another, the shorter way round. */
export function between(
  /** @type {Pose} */ from,
  /** @type {Pose} */ to,
  /** @type {number} */ share,
) {
  const eased = 1 - (1 - share) ** 3;
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * eased;
  return {
    turn: mix(from.turn, nearest(from.turn, to.turn)),
    rise: mix(from.rise, to.rise),
    zoom: mix(from.zoom, to.zoom),
    apart: mix(from.apart, to.apart),
  };
}

/** The same direction as ``to``, at most half a turn from ``from``. */
export function nearest(/** @type {number} */ from, /** @type {number} */ to) {
  const whole = 2 * Math.PI;
  return to + whole * Math.round((from - to) / whole);
}

export function clamp(
  /** @type {number} */ value,
  /** @type {number} */ low,
  /** @type {number} */ high,
) {
  return Math.min(high, Math.max(low, value));
}
