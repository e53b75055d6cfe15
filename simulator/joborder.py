"""From a job order, already valid by its schema, to a job; checks what no schema can say."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from simulator.clock import read_time
from simulator.job import Job, Operation
from simulator.problems import Problem

# What may differ when the same order is sent again: when and where, not what.
MOVABLE = frozenset({"plan", "chain"})
MOVABLE_OF_OPERATION = frozenset(
    {"resource", "planned_start", "planned_end", "set_up_min", "duration_min"}
)


def content_of(order: dict[str, Any]) -> str:
    """Hash of the parts of an order that never change under one id."""
    fixed: dict[str, Any] = {name: part for name, part in order.items() if name not in MOVABLE}
    fixed["operations"] = [
        {name: part for name, part in operation.items() if name not in MOVABLE_OF_OPERATION}
        for operation in order["operations"]
    ]
    text = json.dumps(fixed, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plant_seconds(text: str) -> int:
    try:
        return int(read_time(text))
    except (ValueError, OverflowError) as error:
        raise Problem(422, "not_the_schema", f"{text!r} is no time: {error}.") from error


def read_job(order: dict[str, Any], *, epoch: str) -> Job:
    """Build the job of a valid order.

    Raises:
        Problem: 422, operations that nobody could follow.
    """
    operations = {
        one["id"]: read_operation(one, number)
        for number, one in enumerate(order["operations"], start=1)
    }
    if len(operations) != len(order["operations"]):
        raise Problem(422, "operations_wrong", "Two operations have the same id; name each once.")
    check_order(operations)
    return Job(
        id=order["job"],
        epoch=epoch,
        plan=order["plan"],
        chain=order["chain"],
        serial=order["unit"]["serial"],
        gs1=order["unit"]["gs1"],
        content=content_of(order),
        operations=operations,
    )


def read_operation(one: dict[str, Any], number: int) -> Operation:
    plant_seconds(one["planned_end"])
    return Operation(
        id=one["id"],
        kind=one["kind"],
        number=number,
        resource=one["resource"],
        after=tuple(one["after"]),
        rework=tuple(one.get("rework", one["after"])) if one["kind"] == "inspect" else (),
        planned_start=plant_seconds(one["planned_start"]),
        set_up_min=one["set_up_min"],
        duration_min=one["duration_min"],
    )


def check_order(operations: dict[str, Operation]) -> None:
    """Every ``after`` exists, there is no circle, and rework lies before its inspection."""
    before: dict[str, frozenset[str]] = {}
    waiting = dict(operations)
    while waiting:
        free = [one for one in waiting.values() if all(name in before for name in one.after)]
        if not free:
            names = ", ".join(sorted(waiting))
            raise Problem(
                422,
                "operations_wrong",
                f"Operations {names} wait for one another or for one that is not in the order.",
            )
        for one in free:
            before[one.id] = frozenset(one.after).union(*(before[name] for name in one.after))
            del waiting[one.id]
    for one in operations.values():
        for name in one.rework:
            if name not in before[one.id]:
                raise Problem(
                    422,
                    "operations_wrong",
                    f"Inspection {one.id} would repeat {name}, which does not come before it.",
                )
