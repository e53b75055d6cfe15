// The studio works as a plain form; this only takes the reader to what an answer led to.
const STUDIO = "studio";

/** When an answer could not be had, its reason comes into sight and takes the focus. */
function showReason() {
  const reason = document.getElementById("why-not");
  if (reason) {
    reason.setAttribute("tabindex", "-1");
    reason.focus();
  }
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const target = event.target;
  if (target instanceof Element && target.id === STUDIO) {
    showReason();
  }
});
