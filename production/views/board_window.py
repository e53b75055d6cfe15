"""The part of time a board shows: zoom, first moment, ticks; in the plant's local time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cosmo.lib.errors import Invalid

FARTHEST = timedelta(days=731)  # from now, either way
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Zoom:
    """How much time is in view.

    Attributes:
        hours: Length; whole days begin at midnight where the board follows the clock.
        before_h: How much of the past is in view where the board follows the clock.
        tick_h: Hours between two ticks.
    """

    code: str
    label: str | Promise
    hours: int
    before_h: int
    tick_h: int

    @property
    def days(self) -> int:
        """Above 0 for zooms that show whole days."""
        return self.hours // 24 if self.hours > 24 else 0


ZOOMS = {
    zoom.code: zoom
    for zoom in (
        Zoom("shift", _("8 hours"), hours=8, before_h=1, tick_h=1),
        Zoom("day", _("Day"), hours=24, before_h=2, tick_h=2),
        Zoom("3days", _("3 days"), hours=72, before_h=0, tick_h=6),
        Zoom("week", _("Week"), hours=168, before_h=0, tick_h=12),
    )
}
DEFAULT_ZOOM = "day"


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis; ``label`` is the hour, empty at midnight."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class BoardWindow:
    """The period in view, half open, in UTC.

    Attributes:
        follows: No first moment was asked for: the board goes with the plant's clock.
    """

    zoom: Zoom
    zone: ZoneInfo
    start: datetime
    end: datetime
    follows: bool

    def percent(self, moment: datetime) -> float:
        """Where ``moment`` lies between start (0) and end (100); beyond them, the nearer one."""
        share = (moment - self.start) / (self.end - self.start) * 100
        return min(100.0, max(0.0, share))

    def has(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def local_start(self) -> str:
        return self.start.astimezone(self.zone).strftime(LOCAL_FORMAT)

    @property
    def first_day(self) -> date:
        return self.start.astimezone(self.zone).date()

    def moved(self, windows: int) -> str:
        """The first moment of a window further on (or back), as an address says it."""
        local = self.start.astimezone(self.zone).replace(tzinfo=None)
        return (local + windows * timedelta(hours=self.zoom.hours)).strftime(LOCAL_FORMAT)

    def days(self) -> Iterator[tuple[date, datetime, datetime]]:
        """Local days in view with the part of them that is."""
        day = self.first_day
        while (opens := _midnight(day, self.zone)) < self.end:
            closes = _midnight(day + timedelta(days=1), self.zone)
            yield day, max(opens, self.start), min(closes, self.end)
            day += timedelta(days=1)

    def ticks(self) -> Iterator[Tick]:
        """Round local hours in view, once each, also where summer time begins or ends."""
        day, last = self.first_day, self.end.astimezone(self.zone).date()
        while day <= last:
            for hour in range(0, 24, self.zoom.tick_h):
                at = datetime.combine(day, time(hour), tzinfo=self.zone).astimezone(UTC)
                is_real = at.astimezone(self.zone).hour == hour
                if is_real and self.start <= at < self.end:
                    yield Tick(at, f"{hour:02}" if hour else "")
            day += timedelta(days=1)


def read_window(*, zoom: str, start: str, now: datetime, zone: ZoneInfo) -> BoardWindow:
    """The window an address asks for; without ``start`` the one that holds ``now``.

    Args:
        start: Plant local time, ``2026-06-09T06:00``, or empty.

    Raises:
        Invalid: ``unknown_zoom`` or ``bad_from``.
    """
    chosen = ZOOMS.get(zoom or DEFAULT_ZOOM)
    if chosen is None:
        raise Invalid(
            "unknown_zoom", f"zoom={zoom[:20]} is not known; use one of {', '.join(ZOOMS)}."
        )
    first = _asked(start, now, zone) if start else _around(now, chosen, zone)
    if chosen.days:
        local = first.astimezone(zone)
        last = local.date() + timedelta(days=chosen.days)
        end = datetime.combine(last, local.time(), tzinfo=zone).astimezone(UTC)
    else:
        end = first + timedelta(hours=chosen.hours)
    return BoardWindow(chosen, zone, first, end, follows=not start)


def _asked(start: str, now: datetime, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.strptime(start, LOCAL_FORMAT)  # noqa: DTZ007 - the zone is the plant's
        first = local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        first = None
    if first is None or abs(first - now) > FARTHEST:
        raise Invalid(
            "bad_from",
            f"from={start[:40]} is no moment within two years; write it as 2026-06-09T06:00.",
        )
    return first


def _around(now: datetime, zoom: Zoom, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    if zoom.days:
        return _midnight(local.date(), zone)
    whole = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    return whole - timedelta(hours=zoom.before_h)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
