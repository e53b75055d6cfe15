"""A decision diagram as flat arrays, the form in which it is stored and walked."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from design.rules.levels import Level

Ints = NDArray[np.int32]
FORMAT = "cosmo-diagram/1"
FALSE = -1
LIMB_BITS = 32
"""Counts are added up in numbers of so many bits."""
FAR = 1 << 60
"""Dearer than anything: where no design leads."""


@dataclass(frozen=True)
class Diagram:
    """A reduced, ordered, multi-valued decision diagram.

    A node asks the question of its level. Its answers come in runs of neighbours that lead to the
    same node. A level that a way leaves out is free there: all its answers do. Nodes are numbered
    from the root (0) so that every way leads to higher numbers; the number after the last node
    means "all rules are kept", ``FALSE`` that some rule is broken.

    Attributes:
        levels: The questions from top to bottom.
        level: Level of each node, then ``len(levels)`` for the end; ``(nodes + 1,)``.
        first: First run of each node, then the number of runs; ``(nodes + 1,)``.
        start: First answer of each run; ``(runs,)``.
        child: Where it leads; ``(runs,)``.
    """

    levels: tuple[Level, ...]
    level: Ints
    first: Ints
    start: Ints
    child: Ints

    @property
    def nodes(self) -> int:
        return len(self.level) - 1

    @property
    def runs(self) -> int:
        return len(self.start)

    def packed(self) -> bytes:
        """The diagram as bytes, compressed; ``unpacked`` reads them."""
        head = {"format": FORMAT, "levels": [[x.feature, x.option, x.size] for x in self.levels]}
        store = io.BytesIO()
        np.savez_compressed(
            store,
            head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            level=self.level,
            first=self.first,
            start=self.start,
            child=self.child,
        )
        return store.getvalue()

    @property
    def content_hash(self) -> str:
        """SHA-256 over questions and arrays, hexadecimal."""
        digest = hashlib.sha256(repr(self.levels).encode())
        for array in (self.level, self.first, self.start, self.child):
            digest.update(array.tobytes())
        return digest.hexdigest()


class StoredDiagramInvalid(ValueError):
    """Bytes that are no diagram of this format."""


def unpacked(packed: bytes) -> Diagram:
    """A diagram from its bytes.

    Raises:
        StoredDiagramInvalid: they were written by another version, or are damaged.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            head: Mapping[str, Any] = json.loads(arrays["head"].tobytes())
            if head["format"] != FORMAT:
                raise StoredDiagramInvalid(f"The diagram has the format '{head['format']}'.")
            return Diagram(
                tuple(Level(*entry) for entry in head["levels"]),
                *(arrays[name] for name in ("level", "first", "start", "child")),
            )
    except StoredDiagramInvalid:
        raise
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile) as error:
        raise StoredDiagramInvalid(f"The stored diagram cannot be read: {error}.") from error
