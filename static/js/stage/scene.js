// The product on its floor. Parts are known by their ids: an answer of the server changes only
// what is different in it.

import { Color, DirectionalLight, Group, HemisphereLight, Mesh, Scene, Vector3 } from "three";
import { Ground } from "./ground.js";
import { face, inlay } from "./letters.js";
import { GRAIN, material } from "./materials.js";
import { middle, solid } from "./solids.js";

/**
 * @typedef {import("./solids.js").Part} Part
 * @typedef {import("./materials.js").Material} Material
 * @typedef {{ bounds: [number, number, number], frame: [number, number], materials: Material[],
 *   parts: Part[] }} Shown
 * @typedef {{ mesh: any, shape: string, look: string, rest: any, away: any }} Piece
 */

const SPREAD = 0.5; // how far parts move apart, in parts of their distance from the middle
const LAYERS = 2.4; // and that more from front to back, where most things lie on one another

export class Product {
  constructor() {
    this.scene = new Scene();
    this.group = new Group();
    /** @type {Map<string, Piece>} */
    this.pieces = new Map();
    /** @type {Map<string, any>} */
    this.materials = new Map();
    this.sun = new DirectionalLight(new Color("#fffaf2"), 2.15);
    this.sun.castShadow = true;
    this.sun.shadow.mapSize.set(1024, 1024);
    this.sun.shadow.radius = 3;
    this.sun.shadow.normalBias = 0.004;
    this.sun.shadow.bias = -0.0006;
    this.fill = new HemisphereLight(new Color("#ffffff"), new Color("#b9b2a8"), 1.75);
    this.ground = new Ground();
    this.scene.add(this.group, this.sun, this.sun.target, this.fill, this.ground.mesh);
    this.size = new Vector3(1, 1, 1);
    this.low = new Vector3();
    this.high = new Vector3();
  }

  /**
   * Show these parts. Returns how many pieces were made anew or got another look.
   * @param {Shown} shown
   */
  show(shown) {
    const [wide, deep, high] = shown.bounds.map((side) => side / 1000);
    this.size.set(wide, high, deep);
    this.group.position.set(-(wide ?? 0) / 2, 0, (deep ?? 0) / 2);
    this.frame(shown);
    let changed = 0;
    const left = new Set(this.pieces.keys());
    for (const part of shown.parts) {
      left.delete(part.id);
      changed += this.put(part, shown);
    }
    for (const id of left) this.drop(id);
    this.dropMaterials(shown);
    if (changed + left.size) this.ground.shade(shown);
    return changed + left.size;
  }

  /** What the camera must see: the room of the largest design, so that wider is seen as wider. */
  frame(/** @type {Shown} */ { bounds, frame }) {
    const wide = Math.max(bounds[0], frame[0]) / 2000;
    const deep = bounds[1] / 2000;
    this.low.set(-wide, 0, -deep);
    this.high.set(wide, Math.max(bounds[2], frame[1]) / 1000, deep);
    const reach = Math.max(wide * 2, deep * 2, this.high.y);
    const { camera } = this.sun.shadow;
    camera.left = camera.bottom = -reach * 0.95;
    camera.right = camera.top = reach * 0.95;
    camera.near = 0.1;
    camera.far = reach * 5;
    camera.updateProjectionMatrix();
    this.reach = reach;
  }

  put(/** @type {Part} */ part, /** @type {Shown} */ shown) {
    const made = shown.materials[part.material] ?? { colour: "#888888", finish: "matt" };
    const isText = part.kind === "text";
    const shape = JSON.stringify([
      part.kind,
      part.size,
      part.axis,
      part.radius,
      part.ends,
      part.diameter,
      made.finish,
      made.finish === "wood" ? part.at : 0,
      isText ? [part.text, part.font, part.at, part.ink] : 0,
    ]); // prettier-ignore
    const look = `${made.finish} ${made.colour}`;
    const known = this.pieces.get(part.id);
    const at = middle(part);
    const rest = new Vector3(at[0] / 1000, at[2] / 1000, -at[1] / 1000);
    const away = this.away(rest);
    if (known && known.shape === shape && known.look === look) {
      known.rest = rest;
      known.away = away;
      return 0;
    }
    if (known && known.shape === shape && !isText) {
      known.mesh.material = this.material(made, look);
      known.look = look;
      known.rest = rest;
      known.away = away;
      return 1;
    }
    if (known) this.drop(part.id);
    const mesh = isText
      ? new Mesh(face(part, shown.parts), inlay(part, made.colour))
      : new Mesh(solid(part, GRAIN[made.finish] ?? ""), this.material(made, look));
    mesh.castShadow = !isText && made.finish !== "emissive";
    mesh.receiveShadow = made.finish !== "emissive";
    mesh.name = part.id;
    this.pieces.set(part.id, { mesh, shape, look, rest, away });
    this.group.add(mesh);
    return 1;
  }

  /** Which way a part goes when all move apart. */
  away(/** @type {any} */ rest) {
    const from = new Vector3(this.size.x / 2, this.size.y / 2, -this.size.z / 2);
    const way = new Vector3().subVectors(rest, from).multiplyScalar(SPREAD);
    way.z *= LAYERS;
    return way;
  }

  /** Move all parts apart, from 0 to 1, and turn the lights with the camera. */
  arrange(/** @type {number} */ apart, /** @type {number} */ turn) {
    for (const { mesh, rest, away } of this.pieces.values())
      mesh.position.copy(rest).addScaledVector(away, apart);
    const reach = this.reach ?? 1;
    const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
    const [x, y, z] = [-0.75, 1.5, 1.15];
    this.sun.target.position.set(0, this.high.y / 2, 0);
    this.sun.position.set(
      (x * cos + z * sin) * reach,
      y * reach + this.high.y / 2,
      (-x * sin + z * cos) * reach,
    );
    this.ground.mesh.material.opacity = 1 - apart;
  }

  /** The box that the camera must see at some spread. */
  box(/** @type {number} */ apart) {
    const low = this.low.clone();
    const high = this.high.clone();
    if (apart) {
      for (const { mesh, rest, away } of this.pieces.values()) {
        const at = rest.clone().addScaledVector(away, apart).add(this.group.position);
        const { min, max } = mesh.geometry.boundingBox;
        low.min(at.clone().add(min));
        high.max(at.add(max));
      }
    }
    return { low, high };
  }

  /** The product itself, for its measures. */
  measured() {
    return {
      low: new Vector3(-this.size.x / 2, 0, -this.size.z / 2),
      high: new Vector3(this.size.x / 2, this.size.y, this.size.z / 2),
    };
  }

  material(/** @type {Material} */ made, /** @type {string} */ look) {
    const known = this.materials.get(look) ?? material(made);
    this.materials.set(look, known);
    return known;
  }

  drop(/** @type {string} */ id) {
    const piece = this.pieces.get(id);
    if (!piece) return;
    this.group.remove(piece.mesh);
    piece.mesh.geometry.dispose();
    if (!this.materials.has(piece.look) || piece.mesh.material !== this.materials.get(piece.look)) {
      piece.mesh.material.map?.dispose();
      piece.mesh.material.dispose();
    }
    this.pieces.delete(id);
  }

  dropMaterials(/** @type {Shown} */ { materials }) {
    const used = new Set(materials.map(({ finish, colour }) => `${finish} ${colour}`));
    for (const [look, made] of this.materials) {
      if (used.has(look)) continue;
      made.dispose();
      this.materials.delete(look);
    }
  }

  dispose() {
    for (const id of [...this.pieces.keys()]) this.drop(id);
    this.dropMaterials({ bounds: [0, 0, 0], frame: [0, 0], materials: [], parts: [] });
    this.ground.dispose();
    this.sun.shadow.map?.dispose();
  }
}
