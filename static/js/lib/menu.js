// <details class="menu">: a click elsewhere or Escape closes it; opening one closes the others.

/** @param {Element | null} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    closeMenus(/** @type {Element} */ (event.target).closest("details.menu"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
}
