"""How much script a page loads before it is used, and with solids: by the bundle's own account."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser
METAFILE = Path(settings.BASE_DIR) / "node_modules" / ".cache" / "cosmo" / "metafile.json"
FIRST, SOLIDS = 40_000, 140_000


@pytest.fixture(scope="module")
def outputs() -> dict[str, Any]:
    assert METAFILE.exists(), "The bundle is not built. Run `make setup` first."
    found: dict[str, Any] = json.loads(METAFILE.read_text())["outputs"]
    return found


def reached(outputs: dict[str, Any], name: str, *, lazily: bool) -> set[str]:
    """The output and what it imports at once; ``lazily``: also what it asks for later."""
    kinds = {"import-statement", "dynamic-import"} if lazily else {"import-statement"}
    found, waiting = set(), [name]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        waiting += [one["path"] for one in outputs[here]["imports"] if one["kind"] in kinds]
    return {one for one in found if one in outputs}


def zipped(names: set[str]) -> int:
    return sum(
        len(gzip.compress((Path(settings.BASE_DIR) / name).read_bytes(), 9)) for name in names
    )


def test_the_studio_needs_little_script_and_solids_come_later(outputs: dict[str, Any]) -> None:
    from django_htmx import __file__ as package

    pages = [f"static/built/{name}.js" for name in ("site", "stage", "studio")]
    first = set().union(*(reached(outputs, page, lazily=False) for page in pages))
    later = reached(outputs, "static/built/stage.js", lazily=True) - first
    htmx = next(Path(package).parent.rglob("htmx-2.min.js"))
    before_use = zipped(first) + len(gzip.compress(htmx.read_bytes(), 9))
    inputs = {source for name in first for source in outputs[name]["inputs"]}
    assert not any("node_modules/three/" in source for source in inputs)
    assert before_use <= FIRST
    assert any("node_modules/three/" in s for name in later for s in outputs[name]["inputs"])
    assert zipped(later) <= SOLIDS
