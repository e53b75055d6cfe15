"""Standard Webhooks signatures, from its specification; the tests check with its own package."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.problems import Problem

TOLERANCE_S = 300
PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Key:
    """The one secret a line shares with the platform; signs and checks in both directions."""

    secret: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read ``whsec_<base64>``.

        Raises:
            ValueError: not base64, or not 24 to 64 bytes.
        """
        try:
            bare = text.strip().removeprefix(PREFIX).rstrip("=")
            secret = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        except binascii.Error as error:
            raise ValueError(
                "The line key is not base64; copy it whole, it starts with whsec_."
            ) from error
        if not 24 <= len(secret) <= 64:
            raise ValueError(f"The line key has {len(secret)} bytes; it needs 24 to 64.")
        return cls(secret)

    @property
    def fingerprint(self) -> str:
        """Tells the other side which key was used, without telling the key."""
        return hashlib.sha256(self.secret).hexdigest()[:16]

    def sign(self, *, message_id: str, timestamp: int, body: bytes) -> str:
        content = f"{message_id}.{timestamp}.".encode() + body
        return "v1," + base64.b64encode(hmac.digest(self.secret, content, "sha256")).decode()

    def headers(self, *, message_id: str, body: bytes, now: float) -> dict[str, str]:
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now)),
            "webhook-signature": self.sign(message_id=message_id, timestamp=int(now), body=body),
            "cosmo-key": self.fingerprint,
        }

    def check(self, *, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """Return the message id of a rightly signed message; header names are lower case.

        Raises:
            Problem: 401 with the reason.
        """
        message_id = headers.get("webhook-id", "")
        stamp = headers.get("webhook-timestamp", "")
        signatures = headers.get("webhook-signature", "")
        if not (message_id and stamp and signatures):
            raise Problem(
                401,
                "signature_missing",
                "Sign the call: webhook-id, webhook-timestamp and webhook-signature are needed.",
            )
        if headers.get("cosmo-key", self.fingerprint) != self.fingerprint:
            raise Problem(401, "unknown_key", "cosmo-key names another key than this line's.")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
            raise Problem(401, "timestamp_off", "webhook-timestamp is no number of seconds.")
        if abs(now - int(stamp)) > TOLERANCE_S:
            raise Problem(
                401,
                "timestamp_off",
                f"webhook-timestamp {stamp} is more than {TOLERANCE_S} s off; set the clock.",
            )
        wanted = self.sign(message_id=message_id, timestamp=int(stamp), body=body).encode()
        given = [one.encode() for one in signatures.split(" ")]
        if not any(hmac.compare_digest(wanted, one) for one in given):
            raise Problem(
                401, "signature_wrong", "webhook-signature does not fit id, timestamp and body."
            )
        return message_id
