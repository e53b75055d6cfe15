"""Where the running servers answer."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cosmo.embedded.passwords import write_private


@dataclass(frozen=True, slots=True)
class Addresses:
    """Written by the keeper, read by every program that attaches.

    Attributes:
        keeper, postgres, valkey: Process ids, true only while the keeper's lock is held.
    """

    database_url: str
    valkey_url: str
    broker_url: str
    keeper: int
    postgres: int
    valkey: int

    @property
    def postgres_port(self) -> int:
        return _port(self.database_url)

    @property
    def valkey_port(self) -> int:
        return _port(self.valkey_url)

    def write(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self)))

    def export(self) -> None:
        """Into the environment, for settings and children; what is named already stays."""
        if "VALKEY_URL" not in os.environ:
            os.environ.setdefault("BROKER_URL", self.broker_url)
        os.environ.setdefault("VALKEY_URL", self.valkey_url)
        os.environ.setdefault("DATABASE_URL", self.database_url)


def read_addresses(path: Path) -> Addresses | None:
    try:
        return Addresses(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _port(url: str) -> int:
    return urlsplit(url).port or 0
