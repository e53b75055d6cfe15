"""The files of a product folder as texts, by their name in the folder."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cosmo.lib.documents import CatalogueInvalid, PlacedProblem
from cosmo.lib.errors import Invalid

OFFER = "offer.yaml"
ENGINEERING = "engineering.yaml"
MAX_FILES = 24
MAX_CHARACTERS = 400_000  # of one file; the longest of ours has 30,000
_TEXTS = re.compile(r"texts/[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}\.yaml")


def files_in(folder: Path) -> dict[str, str]:
    """The documents of a product folder as they were written; of files that can be read."""
    named = [OFFER, ENGINEERING, *(f"texts/{file.name}" for file in folder.glob("texts/*.yaml"))]
    return {
        name: (folder / name).read_text(encoding="utf-8-sig")
        for name in sorted(named, key=file_order)
        if is_file_name(name) and (folder / name).is_file()
    }


def is_file_name(name: str) -> bool:
    return name in (OFFER, ENGINEERING) or _TEXTS.fullmatch(name) is not None


def file_order(name: str) -> tuple[int, str]:
    """Offer, engineering, English, then the other languages by name."""
    first = (OFFER, ENGINEERING, "texts/en.yaml")
    return (first.index(name) if name in first else len(first), name)


def check_files(files: Mapping[str, str]) -> dict[str, str]:
    """The files in their order, with the line ends of YAML.

    Raises:
        DomainError: a name that is none (``bad_file_name``), too many or too long files
            (``too_many_files``, ``file_too_long``).
    """
    if len(files) > MAX_FILES:
        raise Invalid("too_many_files", f"{len(files)} files; at most {MAX_FILES} are kept.")
    for name, text in files.items():
        if not is_file_name(name):
            raise Invalid(
                "bad_file_name",
                f"'{name[:60]}' is no file of a product folder; there are {OFFER}, {ENGINEERING} "
                "and texts/<language>.yaml.",
            )
        if len(text) > MAX_CHARACTERS:
            raise Invalid(
                "file_too_long",
                f"{name} has {len(text):,} characters; at most {MAX_CHARACTERS:,} are kept.",
            )
        if "\0" in text:
            raise Invalid("control_character", f"{name} holds a null character; remove it.")
    return {
        name: files[name].replace("\r\n", "\n").replace("\r", "\n")
        for name in sorted(files, key=file_order)
    }


@contextmanager
def folder_of(files: Mapping[str, str]) -> Iterator[Path]:
    """A folder with these files, for as long as it is read; faults name the files in it."""
    with tempfile.TemporaryDirectory(prefix="cosmo-draft-") as path:
        folder = Path(path) / "product"
        (folder / "texts").mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            yield folder
        except CatalogueInvalid as error:
            raise CatalogueInvalid(inside(folder, one) for one in error.problems) from error


def inside(folder: Path, problem: PlacedProblem) -> PlacedProblem:
    """The problem with the file called as it is in the folder."""
    prefix = f"{folder}/"
    return replace(
        problem,
        file=problem.file.removeprefix(prefix),
        sentence=problem.sentence.replace(prefix, ""),
    )
