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


class ContributionKind(models.TextChoices):
    ENTRY = "entry", _("Design")
    IDEA = "idea", _("Idea")
    COMMENT = "comment", _("Comment")


class ContributionStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a moderator")
    SHOWN = "shown", _("Shown to everybody")
    HIDDEN = "hidden", _("Hidden by a moderator")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What a moderator hid comes back through a moderator alone.
CONTRIBUTION_MOVES: dict[str, frozenset[str]] = {
    ContributionStatus.WAITING: frozenset(
        {ContributionStatus.SHOWN, ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN}
    ),
    ContributionStatus.SHOWN: frozenset({ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN}),
    ContributionStatus.HIDDEN: frozenset({ContributionStatus.SHOWN}),
    ContributionStatus.WITHDRAWN: frozenset({ContributionStatus.WAITING, ContributionStatus.SHOWN}),
}


class ModerationVerdict(models.TextChoices):
    APPROVED = "approved", _("Approved")
    HIDDEN = "hidden", _("Hidden")


class IdeaStage(models.TextChoices):
    OPEN = "open", _("Open")
    TAKEN_UP = "taken_up", _("Taken up")
    MADE = "made", _("Made")


IDEA_MOVES: dict[str, frozenset[str]] = {
    IdeaStage.OPEN: frozenset({IdeaStage.TAKEN_UP}),
    IdeaStage.TAKEN_UP: frozenset({IdeaStage.OPEN, IdeaStage.MADE}),
}


class ColourFamily(models.TextChoices):
    """Colours as people ask for them; a design's follows from its main material."""

    WHITE = "white", _("White")
    GREY = "grey", _("Grey")
    BLACK = "black", _("Black")
    BROWN = "brown", _("Brown and wood")
    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow and sand")
    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
