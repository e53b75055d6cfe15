"""What was physically made. The yard remembers when the line forgets: a unit made twice shows."""

from __future__ import annotations

from typing import Any

MAKING, FINISHED, SCRAPPED, ABORTED, ABANDONED = (
    "making",
    "finished",
    "scrapped",
    "aborted",
    "abandoned",
)


class Yard:
    """A book of every job that was begun, by serial."""

    def __init__(self, entries: list[dict[str, Any]] | None = None) -> None:
        self._entries: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in entries or []:
            self._entries[entry["epoch"], entry["job"]] = dict(entry)

    def entries(self) -> list[dict[str, Any]]:
        return [dict(entry) for entry in self._entries.values()]

    def attempts(self, *, serial: str, job: str) -> int:
        """How many other jobs of this serial were begun."""
        begun = {one["job"] for one in self._entries.values() if one["serial"] == serial}
        return len(begun - {job})

    def begin(self, *, serial: str, gs1: str, job: str, epoch: str) -> None:
        self._entries[epoch, job] = {
            "serial": serial,
            "gs1": gs1,
            "job": job,
            "epoch": epoch,
            "outcome": MAKING,
        }

    def close(self, *, job: str, epoch: str, outcome: str) -> None:
        """Note how a begun job ended; one that never began leaves no trace in the yard."""
        if (epoch, job) in self._entries:
            self._entries[epoch, job]["outcome"] = outcome

    def abandon(self) -> None:
        """The line lost its memory: what stood half made on it is nobody's now."""
        for entry in self._entries.values():
            if entry["outcome"] == MAKING:
                entry["outcome"] = ABANDONED

    def as_json(self) -> dict[str, Any]:
        units: dict[str, dict[str, Any]] = {}
        for entry in self._entries.values():
            unit = units.setdefault(
                entry["serial"],
                {"serial": entry["serial"], "gs1": entry["gs1"], "finished": 0, "jobs": []},
            )
            unit["jobs"].append({name: entry[name] for name in ("job", "epoch", "outcome")})
            unit["finished"] += entry["outcome"] == FINISHED
        return {
            "units": list(units.values()),
            "finished": sum(unit["finished"] for unit in units.values()),
            "made_twice": [unit["serial"] for unit in units.values() if unit["finished"] > 1],
        }
