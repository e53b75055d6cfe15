// Small help for form fields.
//   <div class="stepper"><button type="button" data-step="-1">, <input type="number">, <button type="button" data-step="1"></div>
//   <input type="range" data-mirrors="id-of-number-input"> inside .slider
//   <form data-autosubmit> sends itself when a field changes
//   <button data-plain> in a form that htmx sends: this one opens a page, as without htmx
//   <form data-once> disables its submit button after the first submit, so that a double click sends once

/** @param {EventTarget} input */
function changed(input) {
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {Event} event */
function step(event) {
  const button = /** @type {Element} */ (event.target).closest("[data-step]");
  const input = button?.closest(".stepper")?.querySelector("input");
  if (!(button instanceof HTMLElement) || !input) return;
  if (Number(button.dataset.step) < 0) input.stepDown();
  else input.stepUp();
  changed(input);
}

/** @param {Event} event */
function mirror(event) {
  const source = event.target;
  if (!(source instanceof HTMLInputElement)) return;
  if (source.dataset.mirrors) {
    const number = document.getElementById(source.dataset.mirrors);
    if (!(number instanceof HTMLInputElement)) return;
    number.value = source.value;
    number.dispatchEvent(new Event(event.type, { bubbles: true }));
  } else if (source.id && source.type === "number") {
    const range = document.querySelector(`[data-mirrors="${CSS.escape(source.id)}"]`);
    if (range instanceof HTMLInputElement) range.value = source.value;
  }
}

/** @param {Event} event */
function autosubmit(event) {
  const form = /** @type {Element} */ (event.target).closest("form[data-autosubmit]");
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

/**
 * Caught on the way down, before htmx hears of it; the browser then sends the form itself.
 * @param {SubmitEvent} event
 */
function plain(event) {
  if (event.submitter?.hasAttribute("data-plain")) event.stopPropagation();
}

/** @param {SubmitEvent} event */
function once(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.once === undefined) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-disabled", "true");
}

/** A page that comes back from the browser's memory may be sent again. @param {PageTransitionEvent} event */
function release(event) {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete (/** @type {HTMLFormElement} */ (form).dataset.sent);
    for (const button of form.querySelectorAll("[aria-disabled]"))
      button.removeAttribute("aria-disabled");
  }
}

export function startFields() {
  document.addEventListener("click", step);
  document.addEventListener("input", mirror);
  document.addEventListener("change", mirror);
  document.addEventListener("change", autosubmit);
  document.addEventListener("submit", plain, { capture: true });
  document.addEventListener("submit", once);
  window.addEventListener("pageshow", release);
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-print]")) window.print();
  });
}
