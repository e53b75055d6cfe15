"""The stages of a unit in the customer's words (docs/line-protocol.md, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cosmo.lib.formats import format_day, format_moment
from design.selectors.texts import ProductTexts
from production.lifecycle import Stage
from production.models import Plant
from production.selectors.reasons import reason_text
from production.selectors.units import fact_day
from production.selectors.waiting import Waiting


@dataclass(frozen=True, slots=True)
class StageWords:
    """Names in the reader's language, from the product's texts and the plant's document."""

    texts: ProductTexts
    plant: Plant | None
    waiting: Waiting | None = None

    def title(self, stage: Stage, facts: Mapping[str, Any]) -> str:
        match stage:
            case Stage.PLANNED if (day := fact_day(dict(facts), "day")) is not None:
                return _("Planned for %(day)s") % {"day": format_day(day)}
            case Stage.QUEUED if facts.get("position"):
                return _("In the queue, position %(position)s") % {"position": facts["position"]}
            case Stage.RUNNING if facts and (waiting := self.waiting) is not None:
                return _("Waiting for its next step, %(done)s of %(count)s done") % {
                    "done": waiting.done,
                    "count": waiting.count,
                }
            case Stage.RUNNING if facts.get("operation") and facts.get("step"):
                return _("Being made: %(step)s, %(number)s of %(count)s") % {
                    "step": self.step(str(facts["operation"])),
                    "number": facts["step"],
                    "count": facts.get("count"),
                }
            case Stage.PAUSED:
                return _("Paused: %(reason)s") % {"reason": reason_text(facts)}
            case Stage.REMAKE:
                return _("Being made again: %(reason)s") % {"reason": reason_text(facts)}
        return str(stage.label)

    def note(self, stage: Stage, facts: Mapping[str, Any]) -> str:
        match stage:
            case Stage.PLANNED | Stage.QUEUED | Stage.NEXT if self.waiting is not None:
                return " ".join(filter(None, (self._queue(stage, facts), self._begins())))
            case Stage.RUNNING if self.waiting is not None:
                return self._goes_on(self.waiting)
            case Stage.RUNNING if facts.get("station"):
                return self.station(str(facts["station"]))
            case Stage.ON_ITS_WAY if facts.get("parcel"):
                return _("Parcel %(parcel)s, expected on %(day)s") % {
                    "parcel": facts["parcel"],
                    "day": _day_text(fact_day(dict(facts), "expected")),
                }
        return ""

    def _queue(self, stage: Stage, facts: Mapping[str, Any]) -> str:
        """Who is before it."""
        before = _before(facts) if stage == Stage.QUEUED else None
        if before is None or self.waiting is None:
            return ""
        step = self.step(self.waiting.step)
        if before == 0:
            return _("Yours is the next at: %(step)s.") % {"step": step}
        return ngettext(
            "%(count)s unit before yours at: %(step)s.",
            "%(count)s units before yours at: %(step)s.",
            before,
        ) % {"count": before, "step": step}

    def _begins(self) -> str:
        """When the plan has its first step."""
        if self.waiting is None or self.waiting.begins_at is None:
            return ""
        return _("Work is planned to begin: %(at)s.") % {"at": self._moment(self.waiting.begins_at)}

    def _goes_on(self, waiting: Waiting) -> str:
        """Between two steps: what comes, when, and why not now."""
        said = {"step": self.step(waiting.step)}
        if waiting.begins_at is None:
            if waiting.is_closed:
                return _("Goes on with %(step)s when the next shift begins.") % said
            return _("Goes on with %(step)s as soon as a station is free.") % said
        said["at"] = self._moment(waiting.begins_at)
        if waiting.is_closed:
            return _("No shift works there now. Goes on with %(step)s: %(at)s.") % said
        return _("Goes on with %(step)s: %(at)s.") % said

    def _moment(self, moment: datetime) -> str:
        zone = ZoneInfo(self.plant.time_zone) if self.plant else UTC
        return format_moment(moment, zone)

    def station(self, code: str) -> str:
        """Where a station stands, and which of several it is; nothing for one we do not know."""
        for centre in self.plant.document["work_centres"] if self.plant else ():
            stations = [one["id"] for one in centre["resources"]]
            if code in stations:
                place = in_language(centre["names"])
                if len(stations) == 1:
                    return place
                number = stations.index(code) + 1
                return _("%(place)s, station %(number)s") % {"place": place, "number": number}
        return ""

    def step(self, code: str) -> str:
        return self.texts.operation(code)

    def work_centre(self, code: str) -> str:
        for centre in self.plant.document["work_centres"] if self.plant else ():
            if centre["id"] == code:
                return in_language(centre["names"])
        return code


def _before(facts: Mapping[str, Any]) -> int | None:
    """Units in the queue before this one."""
    position = facts.get("position")
    return position - 1 if isinstance(position, int) and position > 0 else None


def in_language(names: Mapping[str, str]) -> str:
    """The name in the reader's language, else in English."""
    return names.get(get_language() or "en") or names.get("en", "")


def _day_text(day: date | None) -> str:
    return format_day(day) if day else "?"
