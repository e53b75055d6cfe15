"""Standard Webhooks signatures with a line's key, in both directions (docs/line-protocol.md, 1)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from cosmo.lib.errors import DomainError

PREFIX = "whsec_"
TOLERANCE_S = 300
NEEDED = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Unsigned(DomainError):
    default_status = 401


@dataclass(frozen=True, slots=True)
class LineKey:
    """The secret one line shares with the platform."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Names the key without telling it: header ``cosmo-key``."""
        return hashlib.sha256(self.secret).hexdigest()[:16]

    def signature(self, *, message: str, stamp: str, body: bytes) -> str:
        content = f"{message}.{stamp}.".encode() + body
        return "v1," + base64.b64encode(hmac.digest(self.secret, content, "sha256")).decode()

    def headers(self, *, message: str, body: bytes, now: datetime) -> dict[str, str]:
        stamp = str(int(now.timestamp()))
        return {
            "webhook-id": message,
            "webhook-timestamp": stamp,
            "webhook-signature": self.signature(message=message, stamp=stamp, body=body),
            "cosmo-key": self.fingerprint,
        }

    def check(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Pass when one of the given signatures is this key's, made within the tolerance.

        Raises:
            Unsigned: ``signature_missing``, ``timestamp_off``, ``signature_wrong``.
        """
        message, stamp, given = (headers.get(name, "") for name in NEEDED)
        if not (message and stamp and given):
            raise Unsigned("signature_missing", f"Sign the call: {', '.join(NEEDED)} are needed.")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
            raise Unsigned("timestamp_off", f"webhook-timestamp {stamp[:20]!r} is no second count.")
        if abs(now.timestamp() - int(stamp)) > TOLERANCE_S:
            raise Unsigned(
                "timestamp_off",
                f"webhook-timestamp {stamp} is more than {TOLERANCE_S} s off; set the clock.",
            )
        wanted = self.signature(message=message, stamp=stamp, body=body).encode()
        # All are compared, so that the time taken tells nothing.
        fits = [hmac.compare_digest(wanted, one.encode()) for one in given.split(" ")[:8]]
        if not any(fits):
            raise Unsigned(
                "signature_wrong", "webhook-signature does not fit id, timestamp, body and key."
            )


@lru_cache(maxsize=256)
def read_key(text: str) -> LineKey:
    """``whsec_`` + base64 of 24 to 64 bytes.

    Raises:
        ValueError: it is none; the sentence does not repeat the key.
    """
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("A line key is whsec_ and base64.") from error
    if not 24 <= len(secret) <= 64:
        raise ValueError(f"A line key has 24 to 64 bytes, not {len(secret)}.")
    return LineKey(secret)
