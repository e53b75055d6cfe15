"""A partner's program, from its token to a unit in the queue, over public REST only.

    python -m journey.partner --url http://127.0.0.1:8000 --accounts var/accounts.json

Prints a line per step and one JSON object as the last line. Exit code 0 only if every answer was
as it should be. Needs httpx and an installation it reaches over HTTP.
"""

import argparse
import json
import sys
import time
import uuid
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from journey.pages import JourneyFailed
from journey.program import Program, expect

# What is ordered on a Friday afternoon may be begun on Monday, or after the holidays: in the one
# journey of a demo, with 7,200 plant seconds in one, that is eight days.
LIMIT_S = 100.0
BEYOND_PLANNED = {"queued", "next", "running", "made", "ready", "on_its_way", "delivered"}
DELIVER_TO = {
    "email": "workshop@example.org",
    "name": "Paula Partner",
    "street": "Am Hafen 7",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
}


def play(url: str, account: dict[str, str]) -> dict[str, Any]:
    """The whole journey; the object it comes to."""
    begun = time.monotonic()
    program = Program(url)
    scopes = program.sign_in(account["client_id"], account["client_secret"])
    program.say("token", f"for {len(scopes.split())} scopes")
    product = _choose_product(program)
    blocked = _meet_conflict(program, product)
    choices, configured = _configure(program, product)
    design = program.post("designs/", {"product": product, "choices": choices}, wanted=201)
    program.say("design", f"{design['code']}, revision {design['revision']}")
    order = _order(program, design["code"], configured)
    unit = order["lines"][0]["units"][0]
    stages = _follow(program, unit["id"])
    return {
        "product": product,
        "blocked": blocked,
        "design": design["code"],
        "order": order["number"],
        "price": order["total"],
        "promised": order["promise_date"],
        "unit": unit["id"],
        "digital_link": unit["digital_link"],
        "stages": stages,
        "seconds": round(time.monotonic() - begun, 1),
    }


def _choose_product(program: Program) -> str:
    offers = program.get("offers/")["results"]
    expect(bool(offers), "There is nothing on offer.")
    product = str(offers[0]["product"])
    program.say("offers", ", ".join(offer["product"] for offer in offers))
    return product


def _meet_conflict(program: Program, product: str) -> dict[str, Any]:
    """Choose answers until one is blocked, then choose it all the same: the reason comes back."""
    offer = program.get(f"offers/{product}/")
    answers = {
        feature["id"]: [option["id"] for option in feature["options"]]
        for feature in offer["features"]
        if feature["kind"] == "choice"
    }
    choices: dict[str, Any] = {}
    for feature in answers:
        domains = program.configure(product, choices)["domains"]
        blocked = [(f, o) for f, all_of in answers.items() for o in all_of if o not in domains[f]]
        if blocked:
            name, option = blocked[0]
            return _explain(program, product, {**choices, name: option})
        choices[feature] = domains[feature][-1]
    return {}


def _explain(program: Program, product: str, choices: dict[str, Any]) -> dict[str, Any]:
    found = program.configure(product, choices)
    expect(not found["is_possible"], f"{choices} should have been refused.")
    conflict: dict[str, Any] = found["conflict"]
    expect(bool(conflict["choices"]), "A conflict names no choice.")
    named = " with ".join(f"{c['feature']} {c['option']}" for c in conflict["choices"])
    why = " ".join(rule["sentence"] for rule in conflict["rules"])
    program.say("blocked", f"{named}: {why}")
    return conflict


def _configure(program: Program, product: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A valid combination that differs from what is proposed, with its price and day."""
    domains = program.configure(product, {})["domains"]
    lists = [(f, d) for f, d in domains.items() if isinstance(d, list) and len(d) > 1]
    open_ones = [(f, d) for f, d in lists if isinstance(d[0], str)]
    choices: dict[str, Any] = {}
    for feature, _ in open_ones[:3]:
        free = [o for o in program.configure(product, choices)["domains"][feature] if o]
        choices[feature] = free[-1]
    found = program.configure(product, choices)
    while found["missing_text"]:
        choices[found["missing_text"]] = "Cosmo"
        found = program.configure(product, choices)
    expect(found["is_possible"], f"{choices} should be possible.")
    expect(found["promise"] is not None, f"No day is promised: {found['promise_refusal']}")
    price, promise = found["price"], found["promise"]
    program.say("configured", f"{price['total']} {price['currency']}, by {promise['date']}")
    return choices, found


def _order(program: Program, design: str, configured: dict[str, Any]) -> dict[str, Any]:
    """Once with its key, the same again, and the same key with another body."""
    key = f"journey-{uuid.uuid4()}"
    body = {
        "lines": [{"design": design, "quantity": 1}],
        "deliver_to": DELIVER_TO,
        "reference": "PO-2026-7",
        "accepts_terms": True,
    }
    order = program.post("orders/", body, key=key, wanted=201)
    expect(order["status"] == "confirmed", f"The order is {order['status']}.")
    expect(order["total"] == configured["price"]["total"], f"It costs {order['total']}.")
    program.say("ordered", f"{order['number']}, {order['total']}, by {order['promise_date']}")
    again = program.post("orders/", body, key=key, wanted=201)
    expect(again == order, "The repeated order was answered otherwise.")
    program.say("repeated", "same key and body: the same order")
    refused = program.post("orders/", {**body, "reference": "PO-8"}, key=key, wanted=422)
    expect(refused["code"] == "idempotency_key_reused", f"Refused as {refused['code']}.")
    program.say("refused", refused["detail"])
    read = program.get(f"orders/{order['id']}/")
    expect(read["number"] == order["number"], "The order reads otherwise.")
    return order


def _follow(program: Program, unit: str) -> list[dict[str, str]]:
    """The unit's events, each once and in order, until it was planned and went on."""
    stages: list[dict[str, str]] = []
    seqs: list[int] = [0]
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        for event in program.get(f"units/{unit}/events/", after=seqs[-1])["events"]:
            seqs.append(event["seq"])
            stages.append({"stage": event["stage"], "at": event["plant_time"]})
            facts = ", ".join(f"{name} {value}" for name, value in event["facts"].items())
            program.say(event["stage"], facts[:90], plant_time=event["plant_time"])
        expect(all(a < b for a, b in pairwise(seqs)), f"Events came out of order: {seqs}.")
        seen = {stage["stage"] for stage in stages}
        if "planned" in seen and seen & BEYOND_PLANNED:
            return stages
        time.sleep(0.3)
    raise JourneyFailed(f"Unit {unit} got no further than {stages[-1:]} in {LIMIT_S:.0f} s.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", required=True, help="where Cosmo is, e.g. http://127.0.0.1:8000")
    parser.add_argument("--accounts", required=True, type=Path, help="the demo's accounts.json")
    arguments = parser.parse_args()
    try:
        account = json.loads(arguments.accounts.read_text(encoding="utf-8"))["partner"]
        result = play(arguments.url, account)
    except (JourneyFailed, httpx.HTTPError, OSError) as error:
        print(f"The journey ended: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
