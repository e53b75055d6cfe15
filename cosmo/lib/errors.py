"""What the domain says when something cannot be done: a sentence, a stable code, the facts."""

from typing import Any


class DomainError(Exception):
    """A refusal that a person can act on.

    Attributes:
        code: Stable, machine-readable, snake_case; part of the API.
        message: One sentence: what was wrong, the offending value, what may be done.
        status: The HTTP status at the border.
        facts: Further members of the problem document (JSON values).
    """

    default_status = 409

    def __init__(self, code: str, message: str, *, status: int | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or self.default_status
        self.facts = facts


class NotFound(DomainError):
    default_status = 404


class Invalid(DomainError):
    default_status = 422


class Conflict(DomainError):
    default_status = 409


class Forbidden(DomainError):
    default_status = 403
