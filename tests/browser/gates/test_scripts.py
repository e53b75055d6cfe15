"""What a page loads before anybody touches it, from the bundle's own account."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import django_htmx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.production import make_offer, make_plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BASE = Path(settings.BASE_DIR)
METAFILE = BASE / "node_modules" / ".cache" / "cosmo" / "metafile.json"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
MOST_BEFORE, MOST_THREE = 40_000, 140_000
THREE = "node_modules/three/"
SCRIPT = re.compile(r'<script[^>]+src="/static/([^"]+)"')


@pytest.fixture(scope="module")
def outputs() -> dict[str, dict[str, Any]]:
    assert METAFILE.exists(), "Nothing is built. Run `make setup` first."
    found = json.loads(METAFILE.read_text())["outputs"]
    return {path: one for path, one in found.items() if path.endswith(".js")}


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def loaded(outputs: dict[str, dict[str, Any]], entry: str) -> set[str]:
    """A file and what it imports at once; not what it fetches later."""
    found, waiting = set(), [entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            imports = outputs[path]["imports"]
            waiting += [one["path"] for one in imports if one["kind"] == "import-statement"]
    return found


def has_three(output: dict[str, Any]) -> bool:
    return any(THREE in name for name in output["inputs"])


def test_scripts_before_interaction_are_small_and_three_is_not_among_them(
    client: Client, outputs: dict[str, dict[str, Any]]
) -> None:
    make_offer(make_plant())
    weights = {}
    for path in ("/", reverse("design:product", args=["stool"]), "/products/stool/studio/"):
        named = SCRIPT.findall(client.get(path).content.decode())
        assert "built/site.js" in named
        files: set[str] = set()
        for name in named:
            if name.startswith("built/"):
                files |= loaded(outputs, f"static/{name}")
        assert [one for one in files if has_three(outputs[one])] == []
        weights[path] = weight(HTMX) + sum(weight(BASE / one) for one in files)
    assert {path: size for path, size in weights.items() if size > MOST_BEFORE} == {}


def test_three_is_one_lazy_part_within_its_budget(outputs: dict[str, dict[str, Any]]) -> None:
    lazy = {one["path"] for out in outputs.values() for one in out["imports"]
            if one["kind"] == "dynamic-import"}  # fmt: skip
    drawn = {path for path in lazy if any(has_three(outputs[one]) for one in loaded(outputs, path))}
    assert len(drawn) == 1
    [part] = drawn
    assert sum(weight(BASE / one) for one in loaded(outputs, part)) <= MOST_THREE
