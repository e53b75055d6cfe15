"""A small bench, its engineering and its plant, with one of everything."""

from typing import Any

FEATURES: list[dict[str, Any]] = [
    {
        "id": "width",
        "group": "g",
        "kind": "choice",
        "options": [{"id": "w600", "values": {"mm": 600}}, {"id": "w900", "values": {"mm": 900}}],
    },
    {
        "id": "colour",
        "group": "g",
        "kind": "choice",
        "options": [{"id": "white"}, {"id": "graphite"}],
    },
    {
        "id": "drawer",
        "group": "g",
        "kind": "choice",
        "optional": True,
        "options": [{"id": "small", "values": {"pieces": 2}}],
    },
    {
        "id": "extras",
        "group": "g",
        "kind": "multi",
        "min": 0,
        "max": 2,
        "options": [{"id": "vice"}, {"id": "lamp"}, {"id": "hooks"}],
    },
    {"id": "height", "group": "g", "kind": "parameter", "min": 700, "max": 900, "step": 50},
    {"id": "carving", "group": "g", "kind": "text", "max_length": 10},
]


def plant() -> dict[str, Any]:
    early = ["06:00-14:00"]
    return {
        "format": "cosmo-plant/1",
        "code": "shed",
        "names": {"en": "Shed"},
        "time_zone": "Europe/Berlin",
        "carrier": {"code": "simulated", "working_days": 2, "pickup": "17:00"},
        "promise_buffer_min": 240,
        "release_horizon_min": 1440,
        "calendars": {
            "early": {
                "weekdays": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), early),
                "holidays": ["2026-12-25"],
            },
            "always": {
                "weekdays": {
                    day: ["00:00-24:00"]
                    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
                }
            },
        },
        "work_centres": [
            {
                "id": "saw",
                "names": {"en": "Saw"},
                "calendar": "early",
                "resources": [{"id": "saw-1"}, {"id": "saw-2", "speed_percent": 80}],
            },
            {
                "id": "paint",
                "names": {"en": "Paint"},
                "calendar": "early",
                "resources": [{"id": "paint-1"}],
                "set_up_min": {"same": 0, "other": 25, "pairs": {"white>graphite": 35}},
            },
            {
                "id": "oven",
                "names": {"en": "Oven"},
                "calendar": "always",
                "resources": [{"id": "oven-1", "lanes": 6}],
            },
        ],
        "lines": [
            {"code": "line-1", "connector": "rest", "work_centres": ["saw", "paint", "oven"]}
        ],
    }


def engineering() -> dict[str, Any]:
    return {
        "format": "cosmo-engineering/1",
        "product": "bench",
        "plant": "shed",
        "bom": [
            {"component": "BOARD", "quantity": "width.mm * height / 1000000", "unit": "m2"},
            {
                "component": "RUNNER",
                "when": "drawer != 'none'",
                "quantity": "drawer.pieces",
                "unit": "piece",
            },
            {"component": "EXTRA", "quantity": "len(extras)", "unit": "piece"},
        ],
        "routing": [
            {
                "id": "cut",
                "work_centre": "saw",
                "duration_min": "12 + width.mm / 250",
                "freezes": ["width", "height"],
            },
            {
                "id": "carve",
                "work_centre": "saw",
                "when": "carving != ''",
                "duration_min": "5 * len(carving)",
                "resources": ["saw-1"],
            },
            {
                "id": "paint",
                "work_centre": "paint",
                "duration_min": "30",
                "set_up_family": "colour",
                "freezes": ["colour"],
            },
            {
                "id": "box",
                "work_centre": "saw",
                "when": "drawer != 'none'",
                "duration_min": "20",
                "after": ["cut"],
            },
            {
                "id": "cure",
                "work_centre": "oven",
                "duration_min": "90",
                "after": ["paint", "box"],
                "kind": "inspect",
            },
        ],
    }
