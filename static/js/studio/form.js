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
