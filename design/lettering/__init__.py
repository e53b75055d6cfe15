"""What a customer writes and the factory makes: letters from real typefaces, measured, or refused.

Pure: no Django. The outlines drawn on the page are those the machine follows, so what cannot be
made is known while it is typed, and no character is dropped without a word.

>>> book = LetteringBook.from_document(document, model)
>>> [space] = book.spaces(scope)
>>> line = set_line(faces[space.face], space, "Anna 安娜")
"""

from .book import LetteringBook, Space
from .faces import FACES, Face, FaceFile, Faces
from .line import Line, LineFault, longest_fitting, set_line
from .words import is_refused

__all__ = [
    "FACES",
    "Face",
    "FaceFile",
    "Faces",
    "LetteringBook",
    "Line",
    "LineFault",
    "Space",
    "is_refused",
    "longest_fitting",
    "set_line",
]
