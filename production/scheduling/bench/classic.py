"""Measure sets of the literature: ours, the best known, raw CP-SAT, all at one processor time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from cosmo.lib.errors import NotFound
from production.scheduling.instances import Shop, ShopPlan, faults, read_shop
from production.scheduling.search import Search, plan_shop
from production.scheduling.search.warm import warm
from production.scheduling.windows.raw import raw_cp_sat

RAW_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Classic:
    """A set of instances.

    Attributes:
        form: Format of its files.
        pattern: Where they lie below the folder of instances.
        reference: File of best-known values; "" where there are none.
        is_tardiness: Weighted tardiness with due dates of Singer and Pinedo, not the makespan.
    """

    form: str
    pattern: str
    reference: str = ""
    is_tardiness: bool = False


CLASSIC_SETS: Mapping[str, Classic] = {
    "brandimarte": Classic("fjsp", "fjsp/brandimarte/*.txt", "reference/fjsp_best_known.json"),
    "lawrence": Classic("jsp", "jsp/lawrence/*.txt", "reference/jsp_best_known.json"),
    "taillard": Classic("jsp", "jsp/taillard/*.txt", "reference/jsp_best_known.json"),
    "sdst": Classic("sdst", "fjsp-sdst/*.fjs"),
    "twt": Classic("jsp", "jsp/lawrence/*.txt", is_tardiness=True),
}


def measure(
    chosen: Classic,
    *,
    folder: Path,
    cpu_seconds: float,
    workers: int,
    seed: int,
    only: tuple[str, ...] = (),
    baseline: bool = True,
) -> Iterator[Mapping[str, object]]:
    """One line an instance, then the totals.

    Raises:
        NotFound: there are no instances there (``no_instances``).
    """
    files = sorted(folder.glob(chosen.pattern))
    files = [path for path in files if not only or path.stem in only]
    if not files:
        raise NotFound(
            "no_instances",
            f"No instances {chosen.pattern} in {folder}. Name their folder with --data.",
        )
    warm()  # what is compiled, or read from disk, is not the first instance's time
    known = _best_known(folder / chosen.reference) if chosen.reference else {}
    lines = []
    for path in files:
        shop = read_shop(path, chosen.form)
        if chosen.is_tardiness:
            shop = shop.with_due_dates()
        line = _ours(shop, cpu_seconds, workers, seed)
        line["best_known"] = known.get(shop.name)
        if baseline:
            line |= _raw(shop, cpu_seconds, seed)
        _compare(line)
        lines.append(line)
        yield line
    yield _totals(lines)


def _ours(shop: Shop, cpu_seconds: float, workers: int, seed: int) -> dict[str, object]:
    began = process_time()
    outcome = plan_shop(Search(shop, seed=seed, workers=workers), cpu_seconds=cpu_seconds)
    taken = process_time() - began
    found = faults(shop, outcome.stands)
    if found or ShopPlan(shop, outcome.stands).objective != outcome.objective:
        raise AssertionError(f"{shop.name}: the plan is wrong: {found[:1]}")
    return {
        "instance": shop.name,
        "objective": outcome.objective,
        "lower_bound": outcome.lower_bound,
        "cpu_seconds": round(taken, 2),
    }


def _raw(shop: Shop, cpu_seconds: float, seed: int) -> dict[str, object]:
    began = process_time()
    answer = raw_cp_sat(
        shop,
        workers=RAW_WORKERS,
        seed=seed,
        stop=lambda: process_time() - began >= cpu_seconds,
    )
    return {
        "cp_sat_objective": answer.objective,
        "cp_sat_bound": answer.bound,
        "cp_sat_cpu_seconds": round(process_time() - began, 2),
    }


def _compare(line: dict[str, object]) -> None:
    ours, known, raw = line["objective"], line["best_known"], line.get("cp_sat_objective")
    assert isinstance(ours, int)  # noqa: S101  for the type checker
    line["gap_percent"] = _gap(ours, known)
    if "cp_sat_bound" in line:
        line["cp_sat_gap_percent"] = _gap(raw, known)
        line["is_behind"] = isinstance(raw, int) and raw < ours


def _gap(value: object, known: object) -> float | None:
    if not isinstance(value, int) or not isinstance(known, int) or not known:
        return None
    return round(100 * (value - known) / known, 2)


def _totals(lines: list[dict[str, object]]) -> dict[str, object]:
    total: dict[str, object] = {"instance": "total", "instances": len(lines)}
    for key in ("gap_percent", "cp_sat_gap_percent"):
        values = [gap for line in lines if isinstance(gap := line.get(key), float)]
        total[f"mean_{key}"] = round(sum(values) / len(values), 2) if values else None
    total["cpu_seconds"] = round(sum(_number(line["cpu_seconds"]) for line in lines), 2)
    compared = [line for line in lines if "is_behind" in line]
    if compared:
        pairs = [
            (_number(line["objective"]), _number(raw))
            for line in compared
            if (raw := line["cp_sat_objective"]) is not None
        ]
        total["behind"] = sum(ours > raw for ours, raw in pairs)
        total["equal"] = sum(ours == raw for ours, raw in pairs)
        total["ahead"] = len(compared) - sum(ours >= raw for ours, raw in pairs)
    return total


def _number(value: object) -> float:
    assert isinstance(value, int | float)  # noqa: S101  for the type checker
    return value


def _best_known(path: Path) -> dict[str, int]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return {}
    return {row["instance"]: row["upper_bound"] for row in rows}
