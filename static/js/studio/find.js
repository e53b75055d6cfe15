// Search boxes: in one question with many answers, and among all questions.

const words = new Map(); // what stood in a box before the form was exchanged

/** @param {HTMLInputElement} box */
function find(box) {
  const sought = fold(box.value);
  const isQuestion = box.dataset.find === "question";
  const all = isQuestion
    ? document.querySelectorAll(".studio-group > .studio-feature")
    : (box.closest("fieldset")?.querySelectorAll(".choice, .swatch") ?? []);
  let count = 0;
  for (const one of /** @type {Iterable<HTMLElement>} */ (all)) {
    const isFound = fold(one.textContent ?? "").includes(sought);
    // What is chosen stays in sight: arrow keys start from it.
    const stays = !isQuestion && one.querySelector("input:checked") !== null;
    one.hidden = !isFound && !stays;
    if (isFound) count += 1;
  }
  if (isQuestion) {
    for (const group of /** @type {Iterable<HTMLElement>} */ (
      document.querySelectorAll(".studio-group")
    ))
      group.hidden = !group.querySelector(":scope > .studio-feature:not([hidden])");
  }
  const said = document.querySelector(`[data-found="${CSS.escape(box.id)}"]`);
  if (said instanceof HTMLElement) {
    said.hidden = count > 0;
    said.textContent = count > 0 ? "" : (said.dataset.none ?? "");
  }
}

/** Without accents and capitals. @param {string} text */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** @param {Event} event */
function input(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.dataset.find) return;
  words.set(box.id, box.value);
  find(box);
}

/** Enter looks, it does not send the form; Escape empties the box. @param {KeyboardEvent} event */
function key(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.dataset.find) return;
  if (event.key === "Enter") event.preventDefault();
  if (event.key !== "Escape") return;
  box.value = "";
  words.delete(box.id);
  find(box);
}

/** The form is new: the boxes get back what stood in them, and hide what they hid. */
function restore() {
  for (const [id, value] of words) {
    const box = document.getElementById(id);
    if (!(box instanceof HTMLInputElement) || !value) continue;
    box.value = value;
    find(box);
  }
}

export function startFinding() {
  document.addEventListener("input", input);
  document.addEventListener("keydown", key);
  document.addEventListener("htmx:afterSwap", restore);
}
