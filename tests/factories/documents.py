"""Small documents of a made-up product, so that a test says what it depends on."""

from copy import deepcopy
from typing import Any

OFFER: dict[str, Any] = {
    "format": "cosmo-offer/1",
    "product": "stool",
    "gtin": "9521234500025",
    "currency": "EUR",
    "tax_percent": "19",
    "serial_prefix": "ST",
    "groups": ["body"],
    "features": [
        {
            "id": "size",
            "group": "body",
            "kind": "choice",
            "default": "small",
            "options": [
                {"id": "small", "values": {"mm": 300}},
                {"id": "large", "values": {"mm": 450}},
            ],
        },
        {
            "id": "colour",
            "group": "body",
            "kind": "choice",
            "default": "white",
            "options": [{"id": "white"}, {"id": "black"}, {"id": "red"}],
        },
        {
            "id": "engraving",
            "group": "body",
            "kind": "text",
            "max_length": 12,
            "default": "",
        },
    ],
    "rules": [],
    "price": {"base": "100", "lines": []},
    "shape": {
        "bounds": {"width": "size.mm", "depth": "300", "height": "450"},
        "materials": {"wood": {"colour": "#aa8855", "finish": "wood"}},
        "parts": [
            {
                "id": "seat",
                "kind": "box",
                "size": ["size.mm", "300", "40"],
                "at": ["0", "0", "410"],
                "material": "'wood'",
            }
        ],
    },
}

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "format": "cosmo-texts/1",
        "language": "en",
        "product": {"name": "Stool", "tagline": "Sits", "description": "A stool."},
    }
}

ENGINEERING: dict[str, Any] = {
    "format": "cosmo-engineering/1",
    "product": "stool",
    "plant": "yard",
    "bom": [
        {"component": "LEG", "quantity": "3", "unit": "piece"},
        {"component": "SEAT", "quantity": "1", "unit": "piece"},
        {"component": "PLATE", "when": "engraving != ''", "quantity": "1", "unit": "piece"},
    ],
    "routing": [
        {
            "id": "saw",
            "work_centre": "saws",
            "duration_min": "60 + size.mm // 15",
            "freezes": ["size"],
        },
        {
            "id": "paint",
            "work_centre": "paint",
            "duration_min": "45",
            "set_up_family": "colour",
            "freezes": ["colour"],
        },
        {
            "id": "engrave",
            "work_centre": "saws",
            "when": "engraving != ''",
            "duration_min": "10",
            "resources": ["saw-2"],
            "freezes": ["engraving"],
        },
        {"id": "check", "work_centre": "bench", "kind": "inspect", "duration_min": "15"},
        {"id": "pack", "work_centre": "bench", "kind": "pack", "duration_min": "10"},
    ],
}

PLANT: dict[str, Any] = {
    "format": "cosmo-plant/1",
    "code": "yard",
    "names": {"en": "Yard", "zh-hans": "工坊"},
    "time_zone": "Europe/Berlin",
    "carrier": {"code": "simulated", "working_days": 1, "pickup": "17:00"},
    "promise_buffer_min": 60,
    "release_horizon_min": 480,
    "calendars": {
        "days": {
            "weekdays": {day: ["06:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
            "holidays": ["2027-03-26", "2027-03-29"],
        }
    },
    "work_centres": [
        {
            "id": "saws",
            "names": {"en": "Saws"},
            "calendar": "days",
            "resources": [{"id": "saw-1"}, {"id": "saw-2", "speed_percent": 80}],
        },
        {
            "id": "paint",
            "names": {"en": "Paint"},
            "calendar": "days",
            "resources": [{"id": "booth", "lanes": 2}],
            "set_up_min": {"same": 0, "other": 20, "pairs": {"black>white": 30}},
        },
        {
            "id": "bench",
            "names": {"en": "Bench"},
            "calendar": "days",
            "resources": [{"id": "bench-1", "lanes": 2}],
        },
    ],
    "lines": [{"code": "line-1", "connector": "rest", "work_centres": ["saws", "paint", "bench"]}],
}


def document(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of ``base`` with some members replaced."""
    return {**deepcopy(base), **changes}
