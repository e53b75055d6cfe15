"""A secret that the installation makes for itself and keeps in its data folder."""

import os
import secrets
from pathlib import Path


def read_or_make_secret(path: Path, *, length_bytes: int = 48) -> str:
    """Return the secret in ``path``; make it once, readable by the owner alone.

    Two programs that start together agree: the file is created exclusively, the loser reads.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(length_bytes)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(fresh, encoding="ascii")
    try:
        os.link(draft, path)  # fails when another program was first
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        draft.unlink()
    return fresh
