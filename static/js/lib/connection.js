// Says that the connection is gone, and nothing any more once it is back: <div id="connection">.
// What stays at the head of a page stays below it: --connection-block is how high it is.

export function startConnection() {
  const notice = document.getElementById("connection");
  if (!notice) return;
  const tell = () => {
    notice.textContent = navigator.onLine ? "" : (notice.dataset.text ?? "");
  };
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--connection-block", `${notice.offsetHeight}px`);
  }).observe(notice);
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  tell();
}
