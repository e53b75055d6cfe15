// What the modules of the studio share.

export const STUDIO = "studio";

export function form() {
  return /** @type {HTMLFormElement} */ (document.getElementById(STUDIO));
}

/** The query of the design that is shown. */
export function shown() {
  const field = form().elements.namedItem("was");
  return field instanceof HTMLInputElement ? field.value : "";
}

/** Whether an htmx event tells of an exchange of the whole form. @param {Event} event */
export function isStudio(event) {
  const { target } = /** @type {CustomEvent} */ (event).detail;
  return target instanceof Element && target.id === STUDIO;
}

/** htmx remembers the button of a form that was last pressed or had the focus, and sends whatever
 * comes next where that one leads: a choice sent again went into the cart. What it sends of the
 * studio is always a question to the studio; the buttons that lead away are the browser's own.
 * @param {Event} event */
export function keepToStudio(event) {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.elt !== form()) return;
  Object.assign(detail, { verb: "get", path: form().getAttribute("hx-get"), useUrlParams: true });
}

/** Send the answers as they stand now. */
export function send() {
  form().requestSubmit(/** @type {HTMLElement} */ (form().querySelector("#studio-update")));
}

/** Somebody is writing: keys belong to the field. @param {EventTarget | null} target */
export function isWriting(target) {
  if (target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !["radio", "checkbox", "range", "button", "submit"].includes(target.type);
}
