// Lighthouse on the pages that everybody meets, as on a phone: `make lighthouse`.
//   node run.mjs http://127.0.0.1:8000 [--runs 3] [--least 95] [--unlisted PATH] PATH...
// Each page is measured so many times with simulated throttling; the median of each category counts.
// A page that must not be found by search engines is named with --unlisted: all but that is asked of it.
import process from "node:process";
import { parseArgs } from "node:util";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "3" },
    least: { type: "string", default: "95" },
    unlisted: { type: "string", multiple: true, default: [] },
    verbose: { type: "boolean", default: false },
  },
});
const [base, ...paths] = positionals;

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Scores 0-100 by category, and what cost points; a trace that the browser lost is taken again. */
async function measured(browser, url, skipAudits, tries = 3) {
  const { lhr } = await lighthouse(url, {
    port: browser.port,
    output: "json",
    logLevel: "error",
    onlyCategories: CATEGORIES,
    formFactor: "mobile",
    throttlingMethod: "simulate",
    skipAudits,
  });
  if (lhr.runtimeError) {
    if (tries > 1) return measured(browser, url, skipAudits, tries - 1);
    throw new Error(`${url}: ${lhr.runtimeError.message}`);
  }
  const scores = CATEGORIES.map((name) => Math.round(lhr.categories[name].score * 100));
  const lost = CATEGORIES.flatMap((name) =>
    lhr.categories[name].auditRefs
      .filter((ref) => ref.weight > 0 && (lhr.audits[ref.id].score ?? 1) < 0.9)
      .map((ref) => `${ref.id} ${lhr.audits[ref.id].displayValue ?? ""}`.trim()),
  );
  return { scores, lost };
}

const browser = await launch({
  chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run"],
});
let failed = 0;
console.log(`${"page".padEnd(44)} perf  a11y  best   seo`);
try {
  for (const path of paths) {
    const runs = [];
    const isUnlisted = values.unlisted.includes(path);
    const skipped = isUnlisted ? ["is-crawlable"] : null;
    for (let run = 0; run < Number(values.runs); run += 1)
      runs.push(await measured(browser, new URL(path, base).href, skipped));
    const scores = CATEGORIES.map((_, at) => median(runs.map((run) => run.scores[at])));
    const isLow = scores.some((score) => score < Number(values.least));
    failed += isLow ? 1 : 0;
    const row = scores.map((s) => String(s).padStart(5)).join(" ");
    console.log(`${path.slice(0, 44).padEnd(44)}${row}${isUnlisted ? "  (not to be found)" : ""}`);
    if (isLow || values.verbose) console.log(`    ${[...new Set(runs[0].lost)].join("; ")}`);
  }
} finally {
  await browser.kill();
}
if (failed) {
  console.log(`${failed} pages below ${values.least}.`);
  process.exit(1);
}
