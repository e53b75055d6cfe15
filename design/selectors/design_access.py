"""Whose a design is, and who may read the words that were written for it.

Its code opens a design for everybody, but what somebody had engraved is theirs: it is read by the
owner, by the browser that saved it, and by whoever came with the private link.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from cosmo.accounts.models import User
from design.models import Design
from design.selectors.designs import MAX_REMEMBERED, SESSION_DESIGNS

SESSION_OPENED = "opened_designs"  # codes of designs that were opened with their private link
LINK_SALT = "design.link"
KEY_LENGTH = 16  # of 43 characters; 96 bits


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks at designs: who signed in, and what this browser saved and opened."""

    user: User | None = None
    saved: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    def owns(self, design: Design) -> bool:
        """Whether they may change it; what a partner's program saved is the partner's."""
        if design.owner_id is not None:
            return self.user is not None and design.owner_id == self.user.pk
        return design.partner_id is None and design.code in self.saved

    def may_read(self, design: Design) -> bool:
        """Whether they may read its words."""
        return self.owns(design) or design.code in self.opened


def reader_of(request: HttpRequest) -> Reader:
    return Reader(
        user=request.user if isinstance(request.user, User) else None,
        saved=frozenset(request.session.get(SESSION_DESIGNS, [])),
        opened=frozenset(request.session.get(SESSION_OPENED, [])),
    )


def link_key(design: Design) -> str:
    """What makes the short link a private one."""
    return signing.Signer(salt=LINK_SALT).signature(design.code)[:KEY_LENGTH]


def opens_with(design: Design, key: str) -> bool:
    return bool(key) and constant_time_compare(link_key(design), key)


def remember_saved(request: HttpRequest, design: Design) -> None:
    """Who has not signed in finds the design again in this browser."""
    _remember(request, SESSION_DESIGNS, design.code)


def remember_opened(request: HttpRequest, design: Design) -> None:
    """The words of a design opened by its private link stay readable on the pages around it."""
    if design.code not in request.session.get(SESSION_OPENED, []):
        _remember(request, SESSION_OPENED, design.code)


def _remember(request: HttpRequest, name: str, code: str) -> None:
    kept = [known for known in request.session.get(name, []) if known != code]
    request.session[name] = [*kept, code][-MAX_REMEMBERED:]
