"""Passwords of the embedded servers, made once and kept beside their data."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

SCRAM_ROUNDS = 4096


@dataclass(frozen=True, slots=True)
class Passwords:
    superuser: str
    cosmo: str
    valkey: str


def read_or_make_passwords(path: Path) -> Passwords:
    """Called by the keeper alone (it holds a lock), so there is no race."""
    if path.exists():
        return Passwords(**json.loads(path.read_text(encoding="ascii")))
    made = Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))
    write_private(path, json.dumps(asdict(made)))
    return made


def write_private(path: Path, text: str) -> None:
    """Write whole or not at all, readable by the owner alone from the first byte on."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(path)


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores for an ASCII ``password`` (RFC 5803): useless to whoever reads it."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = {
        name: base64.b64encode(raw).decode()
        for name, raw in (("salt", salt), ("stored", stored), ("server", server))
    }
    return f"SCRAM-SHA-256${SCRAM_ROUNDS}:{text['salt']}${text['stored']}:{text['server']}"
