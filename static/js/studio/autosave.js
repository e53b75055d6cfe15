// The studio keeps what is being designed by itself. The address is the state, so that is what is
// sent; a moment after the last change, and at once when the page is left.

const PAUSE = 800; // ms without a change
let timer = 0;
let known = location.search; // the address as it was last kept, or found when the page opened
let keptAt = 0;

function line() {
  return /** @type {HTMLElement | null} */ (document.querySelector("[data-autosave]"));
}

function body() {
  const token = /** @type {HTMLInputElement | null} */ (
    document.querySelector("#studio input[name=csrfmiddlewaretoken]")
  );
  return new URLSearchParams({
    here: location.search.slice(1),
    csrfmiddlewaretoken: token?.value ?? "",
  });
}

/** "Saved just now", then "Saved 3 minutes ago", in the page's language. */
function say() {
  const place = line();
  const words = place?.querySelector("[data-autosave-words]");
  if (!place || !words || !keptAt) return;
  const minutes = Math.floor((Date.now() - keptAt) / 60_000);
  if (minutes === 0) {
    words.textContent = place.dataset.now ?? "";
    return;
  }
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  words.textContent = (place.dataset.ago ?? "").replace(
    "{when}",
    format.format(-minutes, "minute"),
  );
}

async function keep() {
  const place = line();
  const sent = location.search;
  if (!place?.dataset.autosave || sent === known) return;
  window.clearTimeout(timer);
  const answer = await fetch(place.dataset.autosave, { method: "POST", body: body() }).catch(
    () => null,
  );
  if (answer?.ok) {
    known = sent;
    keptAt = Date.now();
    place.dataset.state = "kept";
    say();
    return;
  }
  place.dataset.state = "failed";
  const words = place.querySelector("[data-autosave-words]");
  if (words) words.textContent = place.dataset.failed ?? "";
}

function changed() {
  window.clearTimeout(timer);
  if (location.search !== known) timer = window.setTimeout(keep, PAUSE);
}

/** A page that is closed cannot wait for an answer. */
function leave() {
  const url = line()?.dataset.autosave;
  if (!url || location.search === known) return;
  if (navigator.sendBeacon(url, body())) known = location.search;
}

export function startAutosave() {
  document.addEventListener("htmx:afterSettle", changed);
  window.addEventListener("popstate", changed);
  window.addEventListener("online", keep);
  window.addEventListener("pagehide", leave);
  window.setInterval(say, 30_000);
}
