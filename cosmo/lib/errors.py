"""What the domain says when something cannot be done: a sentence, a stable code, the facts."""

from typing import Any


class Sentence(str):
    """An English sentence with named facts, ``%(order)s``, that pages say in their language.

    ``.ci/messages.py`` collects it; ``cosmo.lib.sentences`` translates it at the border.
    """

    __slots__ = ()


class DomainError(Exception):
    """A refusal that a person can act on.

    Attributes:
        code: Stable, machine-readable, snake_case; part of the API.
        message: One sentence: what was wrong, the offending value, what may be done. English.
        template: The sentence before the facts were filled in; "" where it cannot be translated.
        status: The HTTP status at the border.
        facts: Further members of the problem document (JSON values).
    """

    default_status = 409

    def __init__(self, code: str, message: str, *, status: int | None = None, **facts: Any) -> None:
        self.template = str(message) if isinstance(message, Sentence) else ""
        self.message = self.template % facts if self.template else message
        super().__init__(self.message)
        self.code = code
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
