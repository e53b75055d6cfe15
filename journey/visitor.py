"""One journey through public HTTP and the live socket: design, order, pay, watch, receive.

    python -m journey.visitor --url http://127.0.0.1:8000

Prints a line per stage with real and plant time, and one JSON object as the last line. Exit code 0
only if the unit was delivered. Needs httpx, websockets and an installation it reaches over HTTP.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from journey.pages import JourneyFailed, Visitor
from journey.shopping import buy, choose, find_studio, save_and_share, unit_addresses
from journey.watching import watch_unit

LIMIT_S = 100.0


class Diary:
    """Says each stage when it comes."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.stages: list[dict[str, str]] = []

    def say(self, stage: str, detail: str = "", *, plant_time: str = "") -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.stages.append({"stage": stage, "at": plant_time or now})
        plant = plant_time[:16].replace("T", " ") if plant_time else ""
        print(f"{now[11:19]}  {plant:<16}  {stage:<14} {detail}", flush=True)

    def event(self, event: dict[str, Any]) -> None:
        facts = event.get("facts") or {}
        detail = ", ".join(f"{key} {value}" for key, value in facts.items())
        self.say(str(event["stage"]), detail[:90], plant_time=str(event["plant_time"]))


def play(url: str) -> dict[str, Any]:
    """The whole journey; the object it comes to."""
    diary = Diary()
    visitor = Visitor(url)
    studio = find_studio(visitor)
    diary.say("studio", studio.url)
    studio, chosen = choose(visitor, studio, clicks=4)
    diary.say("designed", ", ".join(chosen))
    design, saved = save_and_share(visitor, studio)
    friend = Visitor(url).open(f"/d/{design}/")  # another browser, no cookies
    diary.say("shared", friend.url)
    bought = buy(visitor, saved, design)
    diary.say("ordered", f"{bought.order}, {bought.price}, promised {bought.promised}")
    units = _units(visitor, bought.order_url)
    watched = watch_unit(visitor, units[0], say=diary.event, limit_s=LIMIT_S)
    return {
        "unit": watched.unit,
        "design": bought.design,
        "order": bought.order,
        "price": bought.price,
        "promised": bought.promised,
        "stages": diary.stages,
        "delivered_at": diary.stages[-1]["at"],
        "told_by_socket": watched.told_by_socket,
        "seconds": round(time.monotonic() - diary.begun, 1),
    }


def _units(visitor: Visitor, order_url: str) -> list[str]:
    """The order's units, as soon as the payment has confirmed it."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = unit_addresses(visitor, order_url)
        if found:
            return found
        time.sleep(0.3)
    raise JourneyFailed(f"{order_url} shows no unit.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", required=True, help="where Cosmo is, e.g. http://127.0.0.1:8000")
    arguments = parser.parse_args()
    try:
        result = play(arguments.url)
    except (JourneyFailed, httpx.HTTPError) as error:
        print(f"The journey ended: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
