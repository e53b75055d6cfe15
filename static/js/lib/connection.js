// Says that the connection is gone, and nothing any more once it is back: <div id="connection">.

export function startConnection() {
  const notice = document.getElementById("connection");
  if (!notice) return;
  const tell = () => {
    notice.textContent = navigator.onLine ? "" : (notice.dataset.text ?? "");
  };
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  tell();
}
