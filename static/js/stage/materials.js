// What parts are made of: a colour under one of eight finishes, each to look like its name.

import { CanvasTexture, Color, MeshStandardMaterial, RepeatWrapping, SRGBColorSpace } from "three";
import { studio } from "./light.js";

/** @typedef {{ colour: string, finish: string }} Material */

/** @type {Record<string, object>} */
const FINISHES = {
  matt: { roughness: 0.72, metalness: 0 },
  gloss: { roughness: 0.13, metalness: 0 },
  brushed: { roughness: 0.42, metalness: 0.85 },
  glass: { roughness: 0.04, metalness: 0.18 },
  metal: { roughness: 0.2, metalness: 1 },
  wood: { roughness: 0.62, metalness: 0 },
  woven: { roughness: 0.85, metalness: 0 },
  emissive: { roughness: 0.6, metalness: 0 },
};

/** Along which axis hairs and strands run; wood follows the longest side. */
export const GRAIN = /** @type {Record<string, "z">} */ ({ brushed: "z", woven: "z" });

/** Size of one picture of a texture, in metres: along the grain and across it. */
const TILES = /** @type {Record<string, [number, number]>} */ ({
  wood: [1.1, 0.28],
  brushed: [0.5, 0.12],
  woven: [0.02, 0.02],
});

/** @type {Map<string, any>} */
const textures = new Map();

/** A material for three.js; the caller disposes of it. */
export function material(/** @type {Material} */ { colour, finish }) {
  const made = new MeshStandardMaterial({
    color: new Color(colour),
    dithering: true,
    ...FINISHES[finish],
  });
  const texture = TILES[finish] ? drawn(finish) : null;
  if (texture) {
    made.map = texture;
    made.color.multiplyScalar(texture.userData.brightness);
  }
  if (finish === "emissive") {
    made.emissive = new Color(colour);
    made.color.multiplyScalar(0.1);
  }
  made.onBeforeCompile = studio;
  return made;
}

/** Textures are drawn once a page. */
function drawn(/** @type {string} */ finish) {
  const known = textures.get(finish);
  if (known) return known;
  const canvas = document.createElement("canvas");
  const [wide, high] = finish === "woven" ? [64, 64] : [512, 256];
  canvas.width = wide;
  canvas.height = high;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (finish === "woven") weave(context);
  else shade(context, finish === "wood" ? board : hair);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.anisotropy = 8;
  const [along, across] = /** @type {[number, number]} */ (TILES[finish]);
  texture.repeat.set(1 / along, 1 / across);
  texture.userData = { brightness: 1 / meanLight(context) };
  textures.set(finish, texture);
  return texture;
}

export function forgetTextures() {
  for (const texture of textures.values()) texture.dispose();
  textures.clear();
}

/** Grey by a formula of the place, both from 0 to 1; the left edge meets the right one. */
function shade(
  /** @type {CanvasRenderingContext2D} */ context,
  /** @type {(x: number, y: number) => number} */ grey,
) {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = 255 * Math.min(1, grey(x / width, y / height));
      image.data.set([value, value, value, 255], (y * width + x) * 4);
    }
  }
  context.putImageData(image, 0, 0);
}

/** Years in a plank: bands that wander, fine fibres, here and there a pore. */
function board(/** @type {number} */ x, /** @type {number} */ y) {
  const drift = noise(x * 2, y * 2, 2, 2) * 0.8 + noise(x * 4, y * 6, 4, 6) * 0.14;
  const years = 0.5 + 0.5 * Math.sin((y * 4 + drift * 2.1) * 2 * Math.PI);
  const fibre = noise(x * 6, y * 90, 6, 90) * 0.6 + noise(x * 12, y * 200, 12, 200) * 0.4;
  const pore = noise(x * 24, y * 160, 24, 160) > 0.88 ? 0.07 : 0;
  return 0.97 - 0.1 * years ** 3 - 0.13 * fibre - pore;
}

function hair(/** @type {number} */ x, /** @type {number} */ y) {
  return 1 - 0.07 * noise(x * 3, y * 256, 3, 256) - 0.06 * noise(x * 9, y * 128, 9, 128);
}

/** Value noise that repeats after ``wide`` and ``high`` cells. */
function noise(
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {number} */ wide,
  /** @type {number} */ high,
) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - left), smooth(y - top)];
  const at = (/** @type {number} */ right, /** @type {number} */ down) =>
    dice(((left + right) % wide) * 7919 + ((top + down) % high) * 104729 + wide * 31);
  const above = at(0, 0) * (1 - u) + at(1, 0) * u;
  return above * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
}

function smooth(/** @type {number} */ share) {
  return share * share * (3 - 2 * share);
}

function dice(/** @type {number} */ seed) {
  const value = Math.sin(seed * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}

/** Cane: strands up, across and aslant, with holes between. */
function weave(/** @type {CanvasRenderingContext2D} */ context) {
  context.fillStyle = "#5d5d5d";
  context.fillRect(0, 0, 64, 64);
  /** @param {string} colour @param {[number, number, number, number][]} lines */
  const strands = (colour, lines) => {
    for (const [style, width] of /** @type {[string, number][]} */ ([
      ["#4a4a4a", 10],
      [colour, 7],
    ])) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.beginPath();
      for (const [a, b, c, d] of lines) {
        context.moveTo(a, b);
        context.lineTo(c, d);
      }
      context.stroke();
    }
  };
  strands("#b9b9b9", [
    [-8, 56, 8, 72],
    [-8, -8, 72, 72],
    [56, -8, 72, 8],
  ]);
  strands("#b0b0b0", [
    [-8, 8, 8, -8],
    [-8, 72, 72, -8],
    [56, 72, 72, 56],
  ]);
  strands("#ffffff", [
    [12, 0, 12, 64],
    [28, 0, 28, 64],
  ]);
  strands("#ececec", [
    [0, 12, 64, 12],
    [0, 28, 64, 28],
  ]);
}

/** Mean light of a texture, 0 to 1: colours are raised by it, so that they stay what they are. */
function meanLight(/** @type {CanvasRenderingContext2D} */ context) {
  const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  let sum = 0;
  for (let at = 0; at < data.length; at += 16) sum += ((data[at] ?? 0) / 255) ** 2.2;
  return sum / (data.length / 16);
}
