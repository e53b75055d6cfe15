// A row of tabs that is wider than the screen begins where one is, not at its first.

export function showHere() {
  for (const here of document.querySelectorAll(".tabs [aria-current]")) {
    here.scrollIntoView({ block: "nearest", inline: "center" });
  }
}
