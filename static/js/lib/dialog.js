// <a href="/page/that/works/alone" data-opens="dialog-id"> opens the dialog instead of the page.
// Inside a dialog, <form method="dialog"> closes it, as HTML says.
// A dialog that arrives by htmx with data-show opens itself as soon as it is swapped in.

/** @param {ParentNode} root */
function showArrived(root) {
  for (const found of root.querySelectorAll("dialog[data-show]")) {
    const dialog = /** @type {HTMLDialogElement} */ (found);
    if (dialog.open) dialog.close();
    dialog.showModal();
  }
}

export function startDialogs() {
  showArrived(document);
  document.addEventListener("htmx:afterSwap", (event) => {
    showArrived(/** @type {Element} */ (event.target));
  });
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const opener = /** @type {HTMLElement | null} */ (target.closest("[data-opens]"));
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens ?? "");
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if (target instanceof HTMLDialogElement && target.dataset.light !== undefined) {
      target.close(); // a click on the backdrop of a dialog marked data-light
    }
  });
}
