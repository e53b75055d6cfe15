"""Job orders and stations for the tests of the simulated line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

DAWN = datetime.fromisoformat("2026-03-03T06:00:00+00:00")
LINE = "line-1"
STATIONS = {"press-1": 1, "oven-1": 2, "bay-1": 1, "dock-1": 1}


def moment(minutes: float) -> str:
    """Plant time, minutes after dawn."""
    return (DAWN + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def seconds(minutes: float) -> int:
    """The same as the floor counts it."""
    return int((DAWN + timedelta(minutes=minutes)).timestamp())


def operation(
    name: str,
    resource: str,
    start: int,
    minutes: int,
    *,
    after: list[str] | None = None,
    kind: str = "make",
    **more: Any,
) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "work_centre": resource.split("-")[0],
        "resource": resource,
        "after": after or [],
        "planned_start": moment(start),
        "planned_end": moment(start + minutes),
        "set_up_min": 0,
        "duration_min": minutes,
        **more,
    }


def job_id(number: int) -> str:
    return str(UUID(int=(7 << 76) + (2 << 62) + number))


def job_order(number: int = 1, *, serial: str = "", start: int = 0, **parts: Any) -> dict[str, Any]:
    """Cut 20, bake 30, inspect 15 (rework: cut and bake), pack 10 minutes."""
    serial = serial or f"RF-{number:06}"
    return {
        "format": "cosmo-joborder/1",
        "job": job_id(number),
        "plan": 1,
        "chain": f"chain-{number}",
        "line": LINE,
        "unit": {"serial": serial, "gs1": f"https://id.example.org/01/09521234500011/21/{serial}"},
        "product": {"code": "refrigerator", "gtin": "9521234500011", "name": "Refrigerator"},
        "bom": [{"component": "SHELL", "quantity": "1", "unit": "piece"}],
        "operations": [
            operation("cut", "press-1", start, 20),
            operation("bake", "oven-1", start + 25, 30, after=["cut"]),
            operation(
                "test",
                "bay-1",
                start + 60,
                15,
                after=["bake"],
                kind="inspect",
                rework=["cut", "bake"],
            ),
            operation("pack", "dock-1", start + 80, 10, after=["test"], kind="pack"),
        ],
        **parts,
    }
