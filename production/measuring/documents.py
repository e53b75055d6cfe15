"""A made-up product and its plant, so that a measurement depends on nothing that was loaded."""

from typing import Any

WEEK = ("mon", "tue", "wed", "thu", "fri")
FAMILIES = ("white", "black", "red", "blue")
OPTIONS = 4
FEATURES = 8


def offer_document() -> dict[str, Any]:
    """Eight questions of four answers; half of them change how long something takes."""
    choices = [
        {
            "id": f"part{number}",
            "group": "parts",
            "kind": "choice",
            "default": "a",
            "options": [
                {"id": option, "values": {"min": 10 * place}}
                for place, option in enumerate("abcd"[:OPTIONS])
            ],
        }
        for number in range(FEATURES - 1)
    ]
    colour = {
        "id": "colour",
        "group": "parts",
        "kind": "choice",
        "default": "white",
        "options": [{"id": family} for family in FAMILIES],
    }
    return {
        "format": "cosmo-offer/1",
        "product": "bench",
        "gtin": "9521234599994",
        "currency": "EUR",
        "tax_percent": "19",
        "serial_prefix": "BE",
        "groups": ["parts"],
        "features": [*choices, colour],
        "rules": [],
        "price": {
            "base": "100",
            "lines": [{"id": "more", "feature": "part0", "when": "part0 != 'a'", "amount": "10"}],
        },
        "shape": {
            "bounds": {"width": "300", "depth": "300", "height": "450"},
            "materials": {"wood": {"colour": "#aa8855", "finish": "wood"}},
            "parts": [
                {
                    "id": "seat",
                    "kind": "box",
                    "size": ["300", "300", "40"],
                    "at": ["0", "0", "410"],
                    "material": "'wood'",
                }
            ],
        },
    }


def texts_document() -> dict[str, Any]:
    return {
        "format": "cosmo-texts/1",
        "language": "en",
        "product": {"name": "Bench", "tagline": "Measured", "description": "Made to measure with."},
    }


def plant_document(code: str, *, centres: int, resources: int) -> dict[str, Any]:
    """Two shifts a day, a pick-up in the evening; the third work centre has colours."""
    names = [f"centre-{number}" for number in range(centres)]
    return {
        "format": "cosmo-plant/1",
        "code": code,
        "names": {"en": code.title()},
        "time_zone": "Europe/Berlin",
        "carrier": {"code": "simulated", "working_days": 1, "pickup": "18:00"},
        "promise_buffer_min": 60,
        "release_horizon_min": 480,
        "calendars": {
            "shifts": {"weekdays": {day: ["06:00-14:00", "14:30-22:00"] for day in WEEK}}
        },
        "work_centres": [
            {
                "id": name,
                "names": {"en": name},
                "calendar": "shifts",
                "resources": [{"id": f"{name}-{place}"} for place in range(resources)],
                **({"set_up_min": {"same": 0, "other": 20}} if number == 2 else {}),
            }
            for number, name in enumerate(names)
        ],
        "lines": [{"code": "line-1", "connector": "rest", "work_centres": names}],
    }


def engineering_document(code: str, *, centres: int) -> dict[str, Any]:
    """One operation a work centre, one after the other."""
    return {
        "format": "cosmo-engineering/1",
        "product": "bench",
        "plant": code,
        "bom": [{"component": "BOARD", "quantity": "1", "unit": "piece"}],
        "routing": [
            {
                "id": f"step-{number}",
                "work_centre": f"centre-{number}",
                "duration_min": f"20 + part{number}.min" if number < FEATURES // 2 else "25",
                **({"set_up_family": "colour"} if number == 2 else {}),
            }
            for number in range(centres)
        ],
    }
