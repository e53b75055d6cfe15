// Bundles static/css/site.css and every module directly in static/js into static/built
// (git-ignored). A module in static/js is a page's entry; what pages share is in static/js/lib.
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { leanThree } from "./esbuild.three.mjs";

const pages = (await readdir("static/js"))
  .filter((name) => name.endsWith(".js"))
  .map((name) => `static/js/${name}`);

await rm("static/built", { recursive: true, force: true });
const result = await build({
  entryPoints: [...pages, "static/css/site.css"],
  outdir: "static/built",
  entryNames: "[name]",
  chunkNames: "chunk-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  sourcemap: "linked",
  metafile: true,
  external: ["/static/*"],
  plugins: [leanThree],
  loader: { ".svg": "file", ".woff2": "file" },
  logLevel: "warning",
});
// What documents on paper are set in (orders/paper) and letters are cut from (design/lettering):
// read by the server, never loaded by a page.
const fonts = {
  "source-sans-3": ["latin", "latin-ext", "cyrillic", "greek", "vietnamese"],
  "noto-sans-sc": ["chinese-simplified"],
  "eb-garamond": ["latin", "latin-ext", "cyrillic", "greek", "vietnamese"],
  "zcool-xiaowei": ["chinese-simplified"],
  "dancing-script": ["latin", "latin-ext", "vietnamese"],
  "ma-shan-zheng": ["chinese-simplified"],
};
const files = Object.entries(fonts).flatMap(([font, scripts]) =>
  scripts.map((script) => [font, `${font}-${script}-400-normal.woff`]),
);
files.push(["noto-sans-sc", "noto-sans-sc-chinese-simplified-700-normal.woff"]);
for (const [font, name] of files) {
  await cp(`node_modules/@fontsource/${font}/files/${name}`, `static/built/fonts/${name}`);
}
await mkdir("node_modules/.cache/cosmo", { recursive: true });
await writeFile("node_modules/.cache/cosmo/metafile.json", JSON.stringify(result.metafile));
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (!path.endsWith(".map")) {
    console.log(`  ${path} ${(output.bytes / 1024).toFixed(1)} kB`);
  }
}
