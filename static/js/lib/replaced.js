// A newer click replaces an older one that is still under way (hx-sync="...:replace"). That is
// meant, yet htmx writes what it gives up to the console as an error, like a request that failed.

const ENDS = ["htmx:afterRequest", "htmx:sendAbort"];
let isGivenUp = false;

/**
 * htmx shows its logger an event first and writes its `error` afterwards, so it is taken off here.
 * Between "htmx:abort" and the newer request's "htmx:configRequest" nothing else can end; what ends
 * at any other time is written as ever.
 * @param {Element} _element
 * @param {string} name
 * @param {{ error?: unknown }} detail
 */
function hear(_element, name, detail) {
  if (name === "htmx:abort") isGivenUp = true;
  else if (name === "htmx:configRequest") isGivenUp = false;
  else if (isGivenUp && ENDS.includes(name)) delete detail.error;
}

export function startReplacing() {
  if (window.htmx) window.htmx.logger = hear;
}
