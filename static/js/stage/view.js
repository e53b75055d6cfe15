// The picture as solids: a canvas that draws only when something changed. Loaded when somebody
// wants to turn the product, never before.

import { PCFShadowMap, SRGBColorSpace, WebGLRenderer } from "three";
import { loadFonts } from "./letters.js";
import { high, turned } from "./light.js";
import { forgetTextures } from "./materials.js";
import { AWAY, BESIDE, Measures } from "./measures.js";
import { between, clamp, HIGHEST, LOWEST, makeCamera, place, VIEWS, ZOOM } from "./orbit.js";
import { Product } from "./scene.js";

export { face } from "./letters.js";
export { middle, solid } from "./solids.js";

/**
 * @typedef {import("./scene.js").Shown} Shown
 * @typedef {import("./orbit.js").Pose} Pose
 */

const CALM = 620; // milliseconds of a change of view
const SHARPEST = 2; // device pixels to a CSS pixel, at most
const SLOW = 45; // milliseconds between pictures after which moving pictures get coarser

export class View {
  /**
   * @param {HTMLElement} host
   * @param {() => void} lost - called when the graphics are taken away
   */
  constructor(host, lost) {
    this.host = host;
    this.canvas = document.createElement("canvas");
    this.renderer = new WebGLRenderer({ canvas: this.canvas, alpha: true, antialias: true });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.product = new Product();
    this.camera = makeCamera();
    /** @type {Pose} */
    this.pose = { ...(VIEWS.front ?? { turn: 0, rise: 0 }), zoom: 1, apart: 0 };
    /** @type {Pose} */
    this.goal = { ...this.pose };
    this.frame = { wide: 0, high: 0, foot: 0 };
    this.hasMeasures = false;
    this.coarse = false;
    this.drawn = 0; // pictures so far; tests count on it
    this.asked = 0;
    this.moving = /** @type {{ from: Pose, since: number } | null} */ (null);
    this.before = 0;
    host.prepend(this.canvas);
    this.measures = new Measures(host);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      lost();
    });
    this.wake = () => this.ask();
    document.addEventListener("visibilitychange", this.wake);
  }

  /** @param {Shown} shown */
  async show(shown) {
    await loadFonts(shown.parts);
    const changed = this.product.show(shown);
    this.shown = shown;
    this.ask();
    return changed;
  }

  /** Whether movement is wanted. */
  get isCalm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** Go to another view, eased where movement is wanted. */
  go(/** @type {Partial<Pose>} */ to, eased = true) {
    this.goal = { ...this.goal, ...to };
    this.goal.rise = clamp(this.goal.rise, LOWEST, HIGHEST);
    this.goal.zoom = clamp(this.goal.zoom, ZOOM[0] ?? 1, ZOOM[1] ?? 1);
    if (!eased || this.isCalm) {
      this.pose = { ...this.goal };
      this.moving = null;
    } else this.moving = { from: { ...this.pose }, since: 0 };
    this.ask();
  }

  resize() {
    const { clientWidth: wide, clientHeight: high } = this.host;
    if (!wide || !high) return;
    const foot = Number.parseFloat(getComputedStyle(this.host).getPropertyValue("--foot")) || 0;
    this.frame = { wide, high, foot };
    this.sharpen(this.coarse);
    this.ask();
  }

  /** Coarser while it moves on a slow machine, as sharp as the screen when it rests. */
  sharpen(/** @type {boolean} */ coarse) {
    this.coarse = coarse;
    const ratio = coarse ? 0.75 : Math.min(window.devicePixelRatio, SHARPEST);
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(this.frame.wide, this.frame.high, false);
  }

  /** One picture with the next frame of the screen, however often it is asked for. */
  ask() {
    if (this.asked || document.hidden) return;
    this.asked = requestAnimationFrame((now) => {
      this.asked = 0;
      this.step(now);
    });
  }

  step(/** @type {number} */ now) {
    if (!this.shown || !this.frame.wide) return;
    const gap = now - this.before;
    this.before = now;
    if (this.moving) {
      this.moving.since ||= now;
      const share = Math.min(1, (now - this.moving.since) / CALM);
      this.pose = between(this.moving.from, this.goal, share);
      if (share === 1) {
        this.pose = { ...this.goal };
        this.moving = null;
      }
      if (this.moving && !this.coarse && gap > SLOW && gap < 1000 && share > 0) this.sharpen(true);
    }
    if (!this.moving && this.coarse && !this.held) this.sharpen(false);
    this.draw();
    if (this.moving) this.ask();
  }

  draw() {
    const { product, camera, pose, frame } = this;
    product.arrange(pose.apart, pose.turn);
    place(camera, pose, this.seen(), { ...frame, left: this.hasMeasures ? BESIDE : 0 });
    turned.value = pose.turn;
    high.value = Math.max(product.size.x, product.size.y);
    this.renderer.render(product.scene, camera);
    if (this.hasMeasures && pose.apart < 0.01)
      this.measures.draw(camera, product.measured(), pose, frame, (length) => this.length(length));
    else this.measures.hide();
    this.drawn += 1;
    this.host.dataset.drawn = String(this.drawn);
  }

  /** The box that fills the picture: the product, its parts apart, or its measures. */
  seen() {
    const box = this.product.box(this.pose.apart);
    if (!this.hasMeasures) return box;
    const room = AWAY * Math.max(...box.high.clone().sub(box.low).toArray());
    box.low.x -= room;
    box.high.x += room;
    box.low.z -= room;
    box.high.z += room;
    return box;
  }

  length(/** @type {number} */ millimetres) {
    const language = document.documentElement.lang || "en";
    const unit = document.getElementById("stage")?.dataset.unit ?? "mm";
    const length = `${millimetres.toLocaleString(language, { numberingSystem: "latn" })} ${unit}`;
    // Pictures are written from the left; what is read from the right keeps its order in them.
    return document.documentElement.dir === "rtl" ? `\u2067${length}\u2069` : length;
  }

  dispose() {
    cancelAnimationFrame(this.asked);
    this.sizes.disconnect();
    document.removeEventListener("visibilitychange", this.wake);
    this.product.dispose();
    forgetTextures();
    this.measures.svg.remove();
    this.renderer.dispose();
    this.canvas.remove();
  }

  held = false;
}
