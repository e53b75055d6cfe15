"""Statuses of a document on its way to the shop, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftStatus(models.TextChoices):
    DRAFT = "draft", _("Being written")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    AWAITING = "awaiting", _("Waiting for sign-off")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


# Whatever is edited is a draft again: nobody publishes words that were not checked.
DRAFT_MOVES: dict[str, frozenset[str]] = {
    DraftStatus.DRAFT: frozenset({DraftStatus.CHECKING, DraftStatus.DISCARDED}),
    DraftStatus.CHECKING: frozenset(
        {DraftStatus.DRAFT, DraftStatus.CHECKED, DraftStatus.DISCARDED}
    ),
    DraftStatus.CHECKED: frozenset(
        {
            DraftStatus.DRAFT,
            DraftStatus.CHECKING,
            DraftStatus.AWAITING,
            DraftStatus.SCHEDULED,
            DraftStatus.PUBLISHED,
            DraftStatus.DISCARDED,
        }
    ),
    DraftStatus.AWAITING: frozenset(
        {
            DraftStatus.DRAFT,
            DraftStatus.CHECKED,
            DraftStatus.SCHEDULED,
            DraftStatus.PUBLISHED,
            DraftStatus.DISCARDED,
        }
    ),
    DraftStatus.SCHEDULED: frozenset(
        {
            DraftStatus.DRAFT,
            DraftStatus.CHECKED,
            DraftStatus.PUBLISHED,
            DraftStatus.DISCARDED,
        }
    ),
}
OPEN_DRAFTS = frozenset(DRAFT_MOVES)


class CheckStep(models.TextChoices):
    """What a check does, in this order."""

    READ = "read", _("Reading the documents")
    RULES = "rules", _("Looking at the rules")
    COMPARE = "compare", _("Comparing with what is published")
    DESIGNS = "designs", _("Trying every saved design")
    DONE = "done", _("Done")
