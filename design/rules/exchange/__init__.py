"""Feature models in files of other tools (PURE): UVL and DIMACS, in and out."""

from .dimacs_reader import read_dimacs
from .dimacs_writer import write_dimacs
from .errors import FileModelError
from .file_model import FileModel
from .files import read_model
from .uvl_reader import read_uvl
from .uvl_writer import write_uvl

__all__ = [
    "FileModel",
    "FileModelError",
    "read_dimacs",
    "read_model",
    "read_uvl",
    "write_dimacs",
    "write_uvl",
]
