"""A document that is written out and read again is the same document."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmo.embedded.folders import CHECKOUT
from cosmo.lib.documents import content_hash, read_document
from design.drafting.writing import write_document

FILES = sorted((CHECKOUT / "catalogue").glob("*/**/*.yaml"))
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
values = st.recursive(
    st.one_of(words, st.integers(-(10**9), 10**9), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(words.filter(bool), inner, max_size=4)
    ),
    max_leaves=20,
)


def read_back(text: str, folder: Path) -> Any:
    file = folder / "x.yaml"
    file.write_text(text, encoding="utf-8")
    return read_document(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_our_own_documents(file: Path, tmp_path: Path) -> None:
    document = read_document(file)
    again = read_back(write_document(document.content), tmp_path)
    assert again.content_hash == document.content_hash


@given(st.dictionaries(words.filter(bool), values, min_size=1, max_size=5))
def test_any_document(tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("written")
    assert content_hash(read_back(write_document(content), folder).content) == content_hash(content)
