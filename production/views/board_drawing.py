"""Lanes as SVG. Positions are attributes in percent, so one drawing fits every width.

Written as text, not by a template: a week of a large plant has thousands of bars.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cosmo.lib.formats import format_day
from production.selectors.board import Bar, CentreRows, LaneRow, Stop
from production.views.board_window import BoardWindow

TONES = 10  # planner.css has as many
ROW_HEIGHT, BAR_TOP, BAR_HEIGHT = 28, 3, 22  # in px
NOMINAL_PX = 1050  # width of the time axis on a usual screen; decides which words fit
WIDEST_CHARACTER_PX = 6.6
MINUTE = timedelta(minutes=1)


class LaneDrawing:
    """Draws the bars of lanes in one window, in the reader's language.

    Args:
        address: Gives the address that shows a bar's unit.
        chosen: Public id of the unit whose bars stand out.
    """

    def __init__(
        self, window: BoardWindow, address: Callable[[Bar], str], *, chosen: str = ""
    ) -> None:
        self.window = window
        self.address = address
        self.chosen = chosen
        self.sentence = _(
            "%(order)s, %(product)s %(count)s, serial %(serial)s: "
            "%(step)s on %(lane)s, %(start)s to %(end)s"
        )
        self.set_up = _("%(minutes)s min set-up")
        self.late = _("late")
        self.stands_still = _("%(kind)s, %(start)s to %(end)s")
        self.states = {
            "running": _("being made"),
            "paused": _("paused"),
            "done": _("done"),
            "kept": _("kept for a quoted order"),
        }
        self.moment = _moments(window.zone)

    def bars(self, lane: LaneRow) -> SafeString:
        """The lane's bars in order, each a grid cell that holds one link."""
        return mark_safe("".join(self._bar(bar, lane) for bar in lane.bars))  # noqa: S308 - escaped below

    def stops(self, lane: LaneRow) -> SafeString:
        """When the lane stands still, to lie under its bars. Said in words by ``stops_said``."""
        drawn = []
        for stop in lane.stops:
            left = self.window.percent(stop.start)
            width = self.window.percent(stop.end) - left
            drawn.append(
                f'<svg class="stop is-{stop.kind}" aria-hidden="true" x="{left:.3f}%" '
                f'width="{width:.3f}%" height="{ROW_HEIGHT}">'
                f"<title>{escape(self._stop_said(stop))}</title>"
                f'<rect width="100%" height="{ROW_HEIGHT}" fill="url(#stop-{stop.kind})"/></svg>'
            )
        return mark_safe("".join(drawn))  # noqa: S308 - escaped above

    def stops_said(self, lane: LaneRow) -> str:
        return "; ".join(self._stop_said(stop) for stop in lane.stops)

    def _stop_said(self, stop: Stop) -> str:
        said = self.stands_still % {
            "kind": stop.kind.label,
            "start": self.moment(stop.start),
            "end": self.moment(stop.end),
        }
        return f"{said}: {stop.reason}" if stop.reason else said

    def _bar(self, bar: Bar, lane: LaneRow) -> str:
        left = self.window.percent(bar.start)
        width = self.window.percent(bar.end) - left
        words = _words(bar, width)
        return (
            f'<svg role="gridcell" x="{left:.3f}%" y="{BAR_TOP}" width="{width:.3f}%" '
            f'height="{BAR_HEIGHT}" class="{self._classes(bar)}">'
            f'<a href="{escape(self.address(bar))}" '
            f'id="bar-{bar.key}" aria-label="{escape(self._said(bar, lane, words))}">'
            f'<rect class="run" width="100%" height="{BAR_HEIGHT}" rx="2"/>'
            f"{self._set_up(bar)}{_mark(bar)}{_lettering(bar, words)}</a></svg>"
        )

    def _classes(self, bar: Bar) -> str:
        late = " is-late" if bar.is_late else ""
        chosen = " is-chosen" if str(bar.unit) == self.chosen else ""
        return f"bar-of tone-{bar.tone % TONES} is-{bar.status}{late}{chosen}"

    def _said(self, bar: Bar, lane: LaneRow, words: str) -> str:
        """All facts; begins with the words on the bar, or ends with their short form."""
        said = [
            self.sentence
            % {
                "order": bar.order_number,
                "product": bar.product,
                "count": f"{bar.position}/{bar.quantity}",
                "serial": bar.serial,
                "step": bar.name,
                "lane": lane.name,
                "start": self.moment(bar.start),
                "end": self.moment(bar.end),
            }
        ]
        if bar.set_up_min:
            said.append(self.set_up % {"minutes": bar.set_up_min})
        if bar.status in self.states:
            said.append(self.states[bar.status])
        if bar.is_late:
            said.append(self.late)
        if words and not said[0].startswith(words):
            said.append(words)
        return ", ".join(said)

    def _set_up(self, bar: Bar) -> str:
        """The set-up's share of what is in view; it may lie before the window."""
        if not bar.set_up_min:
            return ""
        seen_from = max(bar.start, self.window.start)
        seen_until = min(bar.end, self.window.end)
        ends = min(bar.start + bar.set_up_min * MINUTE, seen_until)
        if ends <= seen_from:
            return ""
        share = (ends - seen_from) / (seen_until - seen_from) * 100
        return (
            f'<rect class="set-up" width="{share:.2f}%" height="{BAR_HEIGHT}" '
            'fill="url(#set-up-hatch)"/>'
        )


def _mark(bar: Bar) -> str:
    """What colour alone must not say: late has a corner, running a base, paused two strokes."""
    marks = ""
    if bar.status == "running":
        marks += f'<rect class="pulse" y="{BAR_HEIGHT - 4}" width="100%" height="4"/>'
    elif bar.status == "paused":
        marks += '<path class="pause" d="M4 6v10M8 6v10"/>'
    if bar.is_late:
        marks += '<path class="corner" d="M0 0h9l-9 9z"/>'
    return marks


def _words(bar: Bar, width: float) -> str:
    """As much of order, product and count as fits; nothing rather than half a word."""
    room = (width / 100 * NOMINAL_PX - 12) / WIDEST_CHARACTER_PX
    short = bar.order_number.rpartition("-")[2]
    for text in (
        f"{bar.order_number}, {bar.product} {bar.position}/{bar.quantity}",
        bar.order_number,
        short,
        short.lstrip("0"),
    ):
        if len(text) <= room:
            return text
    return ""


def _lettering(bar: Bar, words: str) -> str:
    left = 12 if bar.is_late or bar.status == "paused" else 5
    return f'<text x="{left}" y="15">{escape(words)}</text>' if words else ""


def draw_backdrop(centre: CentreRows, window: BoardWindow) -> SafeString:
    """Closed time of the work centre, and the lines of the axis."""
    closed = "".join(
        f'<rect class="closed" x="{window.percent(start):.3f}%" height="100%" '
        f'width="{window.percent(end) - window.percent(start):.3f}%"/>'
        for start, end in centre.closed
    )
    return mark_safe(closed + _lines(window))  # noqa: S308 - numbers only


def _lines(window: BoardWindow) -> str:
    lines = []
    for tick in window.ticks():
        name, at = "tick" if tick.label else "midnight", f"{window.percent(tick.at):.3f}%"
        lines.append(f'<line class="{name}" x1="{at}" x2="{at}" y2="100%"/>')
    return "".join(lines)


def draw_axis(window: BoardWindow) -> SafeString:
    """Days above, hours below. A day's name stands where the day begins in view."""
    days = "".join(
        f'<svg x="{window.percent(opens):.3f}%" height="40" '
        f'width="{window.percent(closes) - window.percent(opens):.3f}%">'
        f'<text class="day" x="6" y="15">{escape(name)}</text></svg>'
        for name, opens, closes in _day_names(window)
    )
    hours = "".join(
        f'<text class="hour" x="{window.percent(tick.at):.3f}%" dx="3" y="33">{tick.label}</text>'
        for tick in window.ticks()
        if tick.label
    )
    return mark_safe(days + _lines(window) + hours)  # noqa: S308 - escaped above


def _day_names(window: BoardWindow) -> Iterable[tuple[str, datetime, datetime]]:
    for day, opens, closes in window.days():
        yield format_day(day), opens, closes


def _moments(zone: ZoneInfo) -> Callable[[datetime], str]:
    """``Tuesday 9 June 08:10``; writing a day is slow, so each is written once."""
    written: dict[date, str] = {}

    def said(moment: datetime) -> str:
        local = moment.astimezone(zone)
        day = local.date()
        if day not in written:
            written[day] = format_day(day)
        return f"{written[day]} {local:%H:%M}"

    return said
