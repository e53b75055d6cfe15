// The editor of a draft: numbered lines, findings that lead to their line, no words lost by leaving.
// Without this module the text area, the forms and every link work as they are.

const editor = document.getElementById("code-editor");
const text = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("text"));
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("editor"));
const numbers = document.querySelector("#code-gutter .code-numbers");
let kept = text?.value ?? "";
let lines = 0;

/** Lines of this file that something is wrong with. */
function faultyLines() {
  const found = new Set();
  for (const link of document.querySelectorAll("#problems [data-line]")) {
    const { file, line } = /** @type {HTMLElement} */ (link).dataset;
    if (file === editor?.dataset.file) found.add(Number(line));
  }
  return found;
}

function number() {
  if (!text || !numbers) return;
  const count = text.value.split("\n").length;
  if (count === lines) return;
  lines = count;
  mark();
}

function mark() {
  if (!numbers) return;
  const faulty = faultyLines();
  const rows = document.createDocumentFragment();
  for (let line = 1; line <= lines; line++) {
    const row = document.createElement("span");
    row.textContent = String(line);
    if (faulty.has(line)) row.className = "is-faulty";
    rows.append(row);
  }
  numbers.replaceChildren(rows);
  scroll();
}

function scroll() {
  if (!text || !(numbers instanceof HTMLElement)) return;
  numbers.style.translate = `0 ${-text.scrollTop}px`;
}

/** @param {number} line */
function jump(line) {
  if (!text) return;
  const rows = text.value.split("\n");
  const place = Math.min(line, rows.length) - 1;
  const start = rows.slice(0, place).reduce((sum, row) => sum + row.length + 1, 0);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, start + (rows[place]?.length ?? 0));
  const height = Number.parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (place - 4) * height);
  text.scrollLeft = 0;
  text.scrollIntoView({ block: "nearest" });
  scroll();
}

/** A finding of the file that is open leads to its line without leaving the words just typed.
 * @param {MouseEvent} event */
function lead(event) {
  const link = /** @type {Element} */ (event.target).closest("a[data-line]");
  if (!(link instanceof HTMLElement) || link.dataset.file !== editor?.dataset.file) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  jump(Number(link.dataset.line));
}

function isChanged() {
  return text !== null && !text.readOnly && text.value !== kept;
}

/** What is checked or published is what was saved.
 * @param {Event} event */
function saveFirst(event) {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (!button?.hasAttribute("data-saved") || !isChanged()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form?.querySelector("#save")?.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (form?.querySelector("#save"))?.focus();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || !form || text?.readOnly) return;
  event.preventDefault();
  const save = form.querySelector("#save");
  form.requestSubmit(save instanceof HTMLButtonElement ? save : null);
}

if (text && editor) {
  text.addEventListener("input", number);
  text.addEventListener("scroll", scroll, { passive: true });
  form?.addEventListener("submit", () => {
    kept = text.value;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged()) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", mark);
  document.addEventListener("keydown", pressed);
  number();
  if (editor.dataset.start) jump(Number(editor.dataset.start));
}
document.addEventListener("click", lead);
document.addEventListener("submit", saveFirst, { capture: true });

export {};
