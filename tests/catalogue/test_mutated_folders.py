"""Whatever a stranger's document says, it is published or refused with reasons; nothing crashes."""

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmo.lib.documents import CatalogueInvalid, PlacedProblem, read_document
from production.folder import read_product_folder
from tests.catalogue.folders import LAMP

FILES = ("offer.yaml", "engineering.yaml", "plant.yaml", "texts/en.yaml")
CONTENTS = {file: read_document(LAMP / file).content for file in FILES}
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 7, 65, 10**9, 0.5, "", "0", "-5", "1/0", "i", "none", "shade"]),
    st.sampled_from(["height", "(" * 60, "a.b.c", "999999999999999 * 999", "'x' * 9", "not 1"]),
    st.sampled_from(["shade == 'nothing'", "extras", "len(height)", "'oak' in shade", "1 < 2 < 0"]),
    st.sampled_from([[], {}, [1], {"a": 1}, ["a", "a"], "00:00-24:00", "2026-02-30"]),
)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for key, one in children for found in paths_in(one, (*path, key)))]


PLACES = [(file, path) for file in FILES for path in paths_in(CONTENTS[file]) if path]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Any]:
    """One file of the lamp with one value replaced, removed, doubled or moved elsewhere."""
    file, path = draw(st.sampled_from(PLACES))
    content = copy.deepcopy(CONTENTS[file])
    parent: Any = content
    for step in path[:-1]:
        parent = parent[step]
    kind = draw(st.sampled_from(["replace", "remove", "double", "transplant"]))
    if kind == "remove":
        del parent[path[-1]]
    elif kind == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[path[-1]]))
    elif kind == "transplant":
        other: Any = CONTENTS[file]
        for step in draw(st.sampled_from([p for f, p in PLACES if f == file])):
            other = other[step]
        parent[path[-1]] = copy.deepcopy(other)
    else:
        parent[path[-1]] = draw(ODD_VALUES)
    return file, content


@settings(max_examples=60, deadline=None)
@given(mutations())
def test_mutated_folder_is_read_or_refused(mutation: tuple[str, Any]) -> None:
    file, content = mutation
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "lamp"
        shutil.copytree(LAMP, folder)
        (folder / file).write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        for problem in problems_of(folder):
            assert Path(problem.file).is_relative_to(folder)
            assert problem.place.line >= 1
            assert problem.sentence


def problems_of(folder: Path) -> tuple[PlacedProblem, ...]:
    """None when the change did no harm."""
    try:
        read_product_folder(folder)
    except CatalogueInvalid as error:
        return error.problems
    return ()
