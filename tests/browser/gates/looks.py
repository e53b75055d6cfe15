"""What is looked at on a page that is open: faults, covered controls, width, mirrored prices."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import AT_REST, AXE, RUN_AXE

# Everything in the light; in the dark only colours differ, so only what looks at colours.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
THEMES: tuple[Any, ...] = ("light", "dark")
WIDTHS = (1280, 390)
NARROWEST = 320

# What has the focus must be on top where it stands, in the window; a label may lie over its input.
COVERED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at.matches("main, dialog")) return null;
  const box = at.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 30), 1), innerHeight - 1);
  if (box.bottom <= 0 || box.top >= innerHeight) return `outside: ${at.outerHTML.slice(0, 120)}`;
  const top = document.elementFromPoint(x, y);
  const label = at.labels?.[0] ?? at.closest("label, .menu, summary");
  const isOn = !top || at.contains(top) || top.contains(at) || label?.contains(top);
  return isOn ? null : `${at.outerHTML.slice(0, 120)} under ${top.outerHTML.slice(0, 120)}`;
}"""

# Amounts on the page whose currency sign or minus does not stand at the left of the figures.
MIRRORED = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const match of node.data.matchAll(/[+\\u2212]?\\u2060?€[\\d,]+\\.\\d\\d/g)) {
      const range = document.createRange();
      const edge = (from, to) => {
        range.setStart(node, match.index + from);
        range.setEnd(node, match.index + to);
        return range.getBoundingClientRect();
      };
      const [first, last] = [edge(0, 1), edge(match[0].length - 1, match[0].length)];
      if (first.width && (first.left > last.left || first.top !== last.top)) found.push(match[0]);
    }
  }
  return found;
}"""


def speak(context: BrowserContext, address: str, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])


def faults_in_both_themes(page: Page) -> Iterator[str]:
    """Accessibility faults at every width, light and dark, of the page as it is open."""
    page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.evaluate(AT_REST)
            rules = None if theme == "light" else COLOUR_RULES
            for fault in page.evaluate(RUN_AXE, rules):
                yield f"{width} {theme} {fault}"


def width_beyond(page: Page) -> int:
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def covered_controls(page: Page, *, most: int = 400) -> list[str]:
    """Tab through the page once; what had the focus and was not to be seen."""
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    found, first = [], None
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate("() => document.activeElement?.outerHTML.slice(0, 300)")
        if here == first or (first and page.evaluate("document.activeElement === document.body")):
            break
        first = first or here
        if trouble := page.evaluate(COVERED):
            found.append(str(trouble))
    return found


def mirrored_prices(page: Page) -> list[str]:
    return list(page.evaluate(MIRRORED))
