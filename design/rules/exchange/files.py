"""Files by their suffix."""

from pathlib import Path

from .dimacs_reader import read_dimacs
from .errors import FileModelError, printable
from .file_model import FileModel
from .uvl_reader import read_uvl

MAX_BYTES = 50_000_000
READERS = {".uvl": read_uvl, ".dimacs": read_dimacs, ".cnf": read_dimacs}


def read_model(path: Path) -> FileModel:
    """Read a UVL (``.uvl``) or DIMACS (``.dimacs``, ``.cnf``) file of at most 50 MB in UTF-8.

    Raises:
        FileModelError: the file cannot be opened or read, or its format is not known.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        listed = ", ".join(READERS)
        sentence = f"'{printable(path.name)}' has none of the known endings {listed}."
        raise FileModelError("unknown_format", 0, path.suffix, sentence)
    return reader(_text(path), path.name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        sentence = f"'{printable(str(path))}' cannot be opened: {error.strerror}."
        raise FileModelError("unreadable_file", 0, str(path), sentence) from error
    if len(content) > MAX_BYTES:
        sentence = f"'{printable(path.name)}' is larger than {MAX_BYTES // 1_000_000} MB."
        raise FileModelError("file_too_large", 0, path.name, sentence)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = repr(content[error.start : error.start + 1])
        sentence = f"{found} is not UTF-8; save the file in UTF-8."
        raise FileModelError("not_utf8", line, found, sentence) from error
