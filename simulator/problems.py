"""What the line refuses, said as RFC 9457."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A refusal with a stable code.

    Attributes:
        status: HTTP status.
        code: Stable, from docs/line-protocol.md section 10.
        detail: One sentence with the offending value and what to do.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    def body(self) -> dict[str, Any]:
        return {
            "type": f"urn:cosmo:problem:{self.code}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
