"""A shop as documents of ours: a plant a location with resources, and the components it buys."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from production.importing.frepple import Shop
from production.importing.netting import minutes
from production.importing.problems import Ground
from production.importing.rows import Rows
from production.scheduling.problem import Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 1440
WEEKS = 104
LONGEST_ID = 50
Day = tuple[tuple[int, int], ...]


class Names:
    """Ids made of foreign names: each name always the same, no two names the same."""

    def __init__(self, pattern: str, fallback: str, *, lower: bool = True) -> None:
        self.pattern = pattern
        self.fallback = fallback
        self.lower = lower
        self.known: dict[str, str] = {}

    def of(self, name: str) -> str:
        if name not in self.known:
            plain = re.sub(self.pattern, "-", name.lower() if self.lower else name).strip("-")
            plain = re.sub("-+", "-", plain)[:LONGEST_ID].strip("-") or self.fallback
            if not plain[0].isalpha() or not plain[0].isascii():
                plain = f"{self.fallback}-{plain}"
            taken, number, wanted = set(self.known.values()), 2, plain
            while wanted in taken:
                wanted, number = f"{plain}-{number}", number + 1
            self.known[name] = wanted
        return self.known[name]


def plant_documents(shop: Shop, ground: Ground, rows: Rows, *, prefix: str) -> list[dict[str, Any]]:
    """One ``cosmo-plant/1`` for every location with resources. Capacity that changes over time is
    exact in the plan; the document keeps the usual week and the days that are closed.
    """
    codes = Names("[^a-z0-9]+", "plant")
    ids = Names("[^a-z0-9]+", "resource")
    found = []
    for location in _locations(shop, ground):
        names = [
            one.name
            for one in shop.resources.values()
            if one.location == location and one.name not in ground.members
        ]
        calendars: dict[str, Any] = {}
        centres = [_work_centre(ground, rows, name, ids, calendars) for name in names]
        found.append(
            {
                "format": "cosmo-plant/1",
                "code": codes.of(f"{prefix} {location}"),
                "names": {"en": location or prefix},
                "time_zone": "UTC",
                "carrier": {"code": "simulated", "working_days": 0, "pickup": "17:00"},
                "promise_buffer_min": 0,
                "release_horizon_min": DAY_MIN,
                "calendars": calendars,
                "work_centres": centres,
                "lines": [
                    {
                        "code": "line-1",
                        "connector": "rest",
                        "work_centres": [centre["id"] for centre in centres],
                    }
                ],
            }
        )
    return found


def materials_documents(
    shop: Shop, plants: Sequence[Mapping[str, Any]], ground: Ground
) -> list[dict[str, Any]]:
    """One ``cosmo-materials/1`` a plant that buys something."""
    codes = Names("[^A-Za-z0-9_.-]+", "item", lower=False)
    found = []
    for plant, location in zip(plants, _locations(shop, ground), strict=True):
        bought = {
            one.item: one
            for one in sorted(shop.sourcings, key=lambda one: -one.priority)
            if not one.origin and one.location in ("", location)
        }
        bought = {item: way for item, way in bought.items() if _is_used(shop, item, location)}
        if bought:
            found.append(
                {
                    "format": "cosmo-materials/1",
                    "plant": plant["code"],
                    "components": [
                        {
                            "code": codes.of(item),
                            "names": {"en": item},
                            "unit": "piece",
                            "lead_time_days": -(-minutes(way.lead_s) // DAY_MIN),
                            "lot_size": _shown(way.multiple if way.multiple > 0 else Decimal(1)),
                            "minimum_order": _shown(way.smallest),
                            "on_hand": _shown(_on_hand(shop, item, location)),
                        }
                        for item, way in bought.items()
                    ],
                }
            )
    return found


def expected_receipts(
    shop: Shop, plants: Sequence[Mapping[str, Any]], ground: Ground
) -> list[tuple[str, str, Decimal, datetime]]:
    """What is on its way: plant code, component, quantity and when."""
    codes = Names("[^A-Za-z0-9_.-]+", "item", lower=False)
    found = []
    for plant, location in zip(plants, _locations(shop, ground), strict=True):
        found += [
            (plant["code"], codes.of(one.item), one.quantity, one.at)
            for one in shop.comings
            if one.location == location and one.at is not None and one.quantity > 0
        ]
    return found


def _locations(shop: Shop, ground: Ground) -> list[str]:
    used = {one.location for one in shop.resources.values() if one.name not in ground.members}
    return [name for name in ground.places if name in used]


def _is_used(shop: Shop, item: str, location: str) -> bool:
    return any(
        material.item == item and material.quantity < 0
        for one in shop.operations.values()
        if one.location == location
        for material in one.materials
    )


def _on_hand(shop: Shop, item: str, location: str) -> Decimal:
    there = [
        one.quantity
        for one in shop.comings
        if (one.item, one.location, one.at) == (item, location, None)
    ]
    return max(Decimal(0), sum(there, Decimal(0)))


def _shown(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _work_centre(
    ground: Ground, rows: Rows, name: str, ids: Names, calendars: dict[str, Any]
) -> dict[str, Any]:
    lanes = ground.windows_of(name)
    week, holidays, odd = usual_week(lanes[0] if lanes else (), ground.shop.now)
    calendar = {"weekdays": week, **({"holidays": holidays} if holidays else {})}
    known = next((key for key, value in calendars.items() if value == calendar), None)
    if known is None:
        known = f"calendar-{len(calendars) + 1}"
        calendars[known] = calendar
    for _ in range(odd):
        rows.note("input.calendarbucket", "a day unlike its weekday is only in the plan")
    if any(lane != lanes[0] for lane in lanes):
        rows.note("input.resource.maximum_calendar", "changing capacity is only in the plan")
    centre: dict[str, Any] = {
        "id": ids.of(name),
        "names": {"en": name},
        "calendar": known,
        "resources": [{"id": ids.of(name), "lanes": max(1, len(lanes))}],
    }
    set_up = _set_up(ground, name)
    return {**centre, **({"set_up_min": set_up} if set_up else {})}


def _set_up(ground: Ground, name: str) -> dict[str, Any]:
    number = ground.matrix_number(name)
    if number < 0:
        return {}
    matrix = ground.matrices()[number]
    families = ground.families[list(ground.shop.matrices)[number]]
    pairs = {
        f"{before}>{after}": matrix.minutes[a][b]
        for a, before in enumerate(families)
        for b, after in enumerate(families)
    }
    return {"same": 0, "other": max(pairs.values(), default=0), "pairs": pairs}


def usual_week(
    windows: Sequence[Window], origin: datetime
) -> tuple[dict[str, list[str]], list[str], int]:
    """The week that most weeks look like, the days that are closed against it, and how many days
    are otherwise unlike it.
    """
    days = _days(windows, origin)
    week: list[Day] = [
        Counter(day for number, day in enumerate(days) if number % 7 == place).most_common(1)[0][0]
        for place in range(7)
    ]
    first = origin.date()
    holidays = []
    odd = 0
    for number, day in enumerate(days):
        if day != week[number % 7]:
            if day:
                odd += 1
            else:
                holidays.append((first + timedelta(days=number)).isoformat())
    shift = first.weekday()
    named = {
        WEEKDAYS[(place + shift) % 7]: [f"{_clock(a)}-{_clock(b)}" for a, b in week[place]]
        for place in range(7)
        if week[place]
    }
    return named or {"mon": []}, holidays, odd


def _days(windows: Sequence[Window], origin: datetime) -> list[Day]:
    midnight = origin.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = (origin - midnight) // timedelta(minutes=1)
    days: list[list[tuple[int, int]]] = [[] for _ in range(WEEKS * 7)]
    for begins, ends in windows:
        start = begins + shift
        while start < ends + shift and start // DAY_MIN < len(days):
            day = start // DAY_MIN
            stop = min(ends + shift, (day + 1) * DAY_MIN)
            days[day].append((start - day * DAY_MIN, stop - day * DAY_MIN))
            start = stop
    if shift and days and days[0]:
        days[0][0] = (0, days[0][0][1])  # the day had begun before the origin
    return [tuple(day) for day in days]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
