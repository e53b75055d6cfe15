"""What was said about a slip, as sentences in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _

from cosmo.lib.formats import format_day
from production.models import SlipWord


def said_of(word: SlipWord) -> str:
    """One sentence; who said it stands beside it."""
    day = _day(word)
    match word.said:
        case "told":
            return _("Told: the new day is %(day)s.") % {"day": day}
        case "moved":
            return _("Told again: the day moved to %(day)s.") % {"day": day}
        case "healed":
            return _("Told: it will be on time after all.")
        case "wait":
            return _("Decided: wait, until %(day)s.") % {"day": day}
        case "silence":
            return _("No answer in time: the order stays, with %(day)s.") % {"day": day}
        case "change":
            return _("Asked for another option instead.")
        case "changed":
            return _("The unit was changed and planned anew.")
        case "refund":
            return _("Decided: the money back.")
        case "cancelled":
            return _("The unit was cancelled.")
        case "delivered":
            return _("The unit was delivered.")
    return word.said


def _day(word: SlipWord) -> str:
    try:
        return format_day(date.fromisoformat(str(word.facts.get("day", ""))))
    except ValueError:
        return "?"
