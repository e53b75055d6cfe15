"""The line's memory on disk: what came in, and when; playing it again gives the same reports.

One JSON line each, written and synced before the line answers. The first names the memory:
``{"memory": epoch, "chances": ..., "yard": [...]}``; then ``stations``, ``order``, ``command`` and
``sent`` (acknowledged reports), each with ``at`` in plant seconds. Without a file nothing is kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any


class Journal:
    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def read(self) -> list[dict[str, Any]]:
        """All entries. The last line may be torn by a crash; it was never acted upon."""
        if self._path is None or not self._path.exists():
            return []
        lines = self._path.read_text("utf-8").split("\n")
        return [json.loads(line) for line in lines[:-1]]

    def set_aside(self) -> Path | None:
        """Keep a file that cannot be read under another name."""
        if self._path is None:
            return None
        return self._path.replace(self._path.with_name(self._path.name + ".unreadable"))

    def begin(self, entries: list[dict[str, Any]]) -> None:
        """Replace the file at once by these entries and go on behind them."""
        if self._path is None:
            return
        self.close()
        fresh = self._path.with_name(self._path.name + ".new")
        self._file = fresh.open("w", encoding="utf-8")
        for entry in entries:
            self._put(entry)
        self._sync()
        fresh.replace(self._path)

    def write(self, entry: dict[str, Any], *, sync: bool = True) -> None:
        if self._file is None:
            return
        self._put(entry)
        self._file.flush()
        if sync:
            self._sync()

    def _put(self, entry: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(entry, ensure_ascii=True) + "\n")

    def _sync(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
