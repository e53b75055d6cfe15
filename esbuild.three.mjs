// three.js without what the stage never uses, from its sources: headsets and blurred environment
// maps (the stage's light is a formula, static/js/stage/light.js), and comments in shaders.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

const LEFT_OUT = {
  "WebXRManager.js": `import { EventDispatcher } from "../../core/EventDispatcher.js";
    export class WebXRManager extends EventDispatcher {
      enabled = false; isPresenting = false; cameraAutoUpdate = false;
      getEnvironmentBlendMode() {} getFoveation() {} setAnimationLoop() {} dispose() {}
    }`,
  "PMREMGenerator.js": `export class PMREMGenerator {
      fromEquirectangular() { throw new Error("Environment maps are left out: esbuild.three.mjs"); }
      fromCubemap() { return this.fromEquirectangular(); }
      dispose() {}
    }`,
};
const COMMENTS = /\/\*(?!\s*glsl\s*\*\/)[\s\S]*?\*\/|\/\/.*$/gm;

export const leanThree = {
  name: "lean three.js",
  setup({ onResolve, onLoad }) {
    const path = resolve("node_modules/three/src/Three.js");
    onResolve({ filter: /^three$/ }, () => ({ path, sideEffects: false }));
    onLoad({ filter: /three\/src\/.*\/(WebXRManager|PMREMGenerator)\.js$/ }, (file) => ({
      contents: LEFT_OUT[file.path.split("/").at(-1)],
    }));
    onLoad({ filter: /three\/src\/.*\.glsl\.js$/ }, async (file) => {
      const source = await readFile(file.path, "utf8");
      return { contents: source.replace(COMMENTS, "").replace(/^[ \t]+|[ \t]+$|\n(?=\n)/gm, "") };
    });
  },
};
