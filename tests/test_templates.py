"""The content security policy forbids inline styles and scripts; so no template may hold one."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "templates"
# Mail programs know no style sheet from outside.
PAGES = [path for path in sorted(ROOT.rglob("*.html")) if path.parent.name != "email"]
FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]*\sstyle=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b"),
    "evaluated hx-vals": re.compile(r"""\bhx-(vals|headers|vars)=["']js:"""),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)"),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds_what_the_policy_forbids(what: str) -> None:
    found = [
        str(path.relative_to(ROOT)) for path in PAGES if FORBIDDEN[what].search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("style attribute", '<p class="a" style="color:red">'),
        ("style element", "<style>p{}</style>"),
        ("inline handler", '<a onclick="x()">'),
        ("hx-on", '<a hx-on:click="x()">'),
        ("evaluated hx-vals", "<a hx-vals='js:{a: 1}'>"),
        ("inline script", "<script>x()</script>"),
        ("javascript address", '<a href="javascript:x()">'),
    ],
)
def test_each_pattern_finds_what_it_looks_for(what: str, sample: str) -> None:
    assert FORBIDDEN[what].search(sample)
    assert not FORBIDDEN[what].search('<script type="module" src="/a.js"></script><p class="on">')


BLOCK = re.compile(r"{% block (\w+) %}")


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_letters_fill_only_blocks_that_their_frame_has(kind: str) -> None:
    """A block the frame does not know is dropped without a word: an empty mail."""
    mails = ROOT / "email"
    frame = set(BLOCK.findall((mails / f"base.{kind}").read_text()))
    letters = {path: set(BLOCK.findall(path.read_text())) for path in mails.glob(f"*.{kind}")}
    lost = {
        path.name: unknown
        for path, blocks in letters.items()
        if not path.name.endswith("subject.txt") and (unknown := blocks - frame)
    }
    assert lost == {}
    assert "body" in frame
