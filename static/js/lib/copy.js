// <button class="needs-js" data-copy="https://...">Copy link</button>
import { toast } from "./announce.js";

export function startCopying() {
  document.addEventListener("click", async (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-copy]"));
    if (!button?.dataset.copy) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied ?? document.getElementById("toasts")?.dataset.copied ?? "");
  });
}
