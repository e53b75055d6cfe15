"""Public ids: unguessable and time-ordered (UUIDv7, RFC 9562), made in Python."""

import os
import secrets
import time
from uuid import UUID

# Without 0/O, 1/l/I: a short link is read aloud and typed.
SHORT_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random_bits & (1 << 80) - 1
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def short_code(length: int = 10) -> str:
    """A code for short links; 10 characters hold 49 bits."""
    return "".join(secrets.choice(SHORT_ALPHABET) for _ in range(length))
