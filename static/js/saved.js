// The page of a saved design: the device's own way of sharing, where it has one.
for (const found of document.querySelectorAll("[data-share]")) {
  const button = /** @type {HTMLButtonElement} */ (found);
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { share: url, title } = button.dataset;
    // Closing the sheet without a choice is an answer, too.
    await navigator.share({ url, title }).catch(() => undefined);
  });
}
