// The shadow on the floor: the plan of every part, the darker the nearer it is to the floor.

import { CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry } from "three";

const PIXELS = 256;
const ROOM = 1.7; // side of the picture, in parts of the product's larger side in plan

/** @typedef {import("./solids.js").Part} Part */

export class Ground {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.canvas.height = PIXELS;
    this.texture = new CanvasTexture(this.canvas);
    const material = new MeshBasicMaterial({
      map: this.texture,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    });
    this.mesh = new Mesh(new PlaneGeometry(1, 1), material);
    this.mesh.rotation.x = -Math.PI / 2;
    this.mesh.position.y = -0.002;
  }

  /** @param {{ bounds: [number, number, number], parts: Part[] }} shown */
  shade({ bounds, parts }) {
    const side = Math.max(bounds[0], bounds[1]) * ROOM;
    this.mesh.scale.set(side / 1000, side / 1000, 1);
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, PIXELS, PIXELS);
    const scale = PIXELS / side;
    // Wide and faint first, then narrow and dark right where it stands.
    for (const [blur, strength, reach] of /** @type {[number, number, number][]} */ ([
      [22, 0.5, 0.55],
      [9, 0.55, 0.16],
      [2.5, 0.5, 0.03],
    ])) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.filter = `blur(${blur}px)`;
      context.translate(PIXELS / 2, PIXELS / 2);
      context.scale(scale, -scale);
      context.translate(-bounds[0] / 2, -bounds[1] / 2);
      // Painted as one picture, so that parts above one another do not add up.
      const plan = new Path2D();
      for (const part of parts) {
        const height = part.ends ? Math.min(part.ends[0][2], part.ends[1][2]) : part.at[2];
        if (part.kind !== "text" && height <= bounds[2] * reach) outline(plan, part);
      }
      context.fillStyle = `rgba(0, 0, 0, ${strength})`;
      context.fill(plan, "nonzero");
    }
    this.texture.needsUpdate = true;
  }

  dispose() {
    this.texture.dispose();
    this.mesh.material.dispose();
    this.mesh.geometry.dispose();
  }
}

/** Seen from above; y away from the viewer. */
function outline(/** @type {Path2D} */ plan, /** @type {Part} */ part) {
  if (!part.ends) {
    plan.rect(part.at[0], part.at[1], part.size[0], part.size[1]);
    return;
  }
  const [[x, y], [right, back]] = part.ends;
  const half = (part.diameter ?? 0) / 2;
  const length = Math.hypot(right - x, back - y) || 1;
  const [u, v] = [(-(back - y) / length) * half, ((right - x) / length) * half];
  plan.moveTo(x + u, y + v);
  plan.lineTo(x - u, y - v);
  plan.lineTo(right - u, back - v);
  plan.lineTo(right + u, back + v);
  plan.closePath();
}
