"""What commands take on their line, refused with a sentence where it cannot be."""

import math
import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError

MOST_WORKERS = 256
MOST = 10**9


def seconds_of(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def count_of(what: str, least: int, most: int = MOST) -> Callable[[str], int]:
    """A reader of whole numbers of that range, in figures."""

    def read(text: str) -> int:
        is_whole = text.isascii() and text.isdigit()
        if not is_whole or not least <= int(text[:20]) <= most:
            raise ArgumentTypeError(f"{text!r} is no {what} from {least} to {most}")
        return int(text)

    return read


workers_of = count_of("number of workers", 1, MOST_WORKERS)
seed_of = count_of("seed", 0)


def check_writable(out: Path) -> None:
    """Before anything is planned, or stored."""
    if out.is_dir():
        raise CommandError(unwritable(out, "it is a folder"))
    if not out.parent.is_dir():
        raise CommandError(unwritable(out, f"there is no folder {out.parent}"))
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise CommandError(unwritable(out, "permission denied"))


def unwritable(out: Path, why: str) -> str:
    return f"{out} cannot be written: {why}. Choose another --out."
