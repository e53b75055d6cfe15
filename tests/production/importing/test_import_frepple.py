"""Plants written for frePPLe: a twin of our own always, the four demo models where they are."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from production.importing.frepple import read_shop
from production.importing.rows import read_rows
from production.models import Plant, PurchaseOrder, ScheduleRun, Stock, StockMove
from production.services.importing import PlannedShop, plan_fixture
from tests.factories.production import make_factory

TWIN = Path(__file__).parent / "twin.json"
DEMOS = Path(__file__).resolve().parents[4] / "shared" / "data" / "plants"
NOW = datetime(2027, 3, 1, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def twin() -> PlannedShop:
    return plan_fixture(TWIN, seconds=5)


def steps(planned: PlannedShop, name: str) -> list[dict[str, Any]]:
    return [one for one in planned.plan() if one["operation"] == name]


def run_command(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_frepple", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_demands_are_netted_against_stock_and_split_into_lots(twin: PlannedShop) -> None:
    """12 stools for the shop and 1 for the works: lots of 10, 2 and 1; 39 legs in lots by fives."""
    assert [step.quantity for step in _lots(twin, "glue")] == [10, 2, 1]
    assert sum(step.quantity for step in _lots(twin, "press legs")) >= 39
    assert all(step.quantity % 5 == 0 for step in _lots(twin, "press legs"))
    summary = twin.summary()
    assert (summary["demands"], summary["open_demands"], summary["planned"]) == (4, 3, 3)
    assert (summary["items"], summary["operations"], summary["resources"]) == (5, 6, 6)
    assert (summary["violations"], twin.late) == (0, ["hasty"])


def _lots(planned: PlannedShop, operation: str) -> list[Any]:
    return [step for step in planned.works.steps if step.operation == operation]


def test_nobody_works_at_night_on_weekends_or_on_the_closed_day(twin: PlannedShop) -> None:
    for one in twin.plan():
        begins, ends = datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])
        assert begins.weekday() < 5
        assert begins.date().isoformat() != "2027-03-03"
        assert begins.hour >= 6
        assert ends <= begins.replace(hour=22, minute=0)


def test_skills_crews_set_ups_and_bought_wood_are_kept(twin: PlannedShop) -> None:
    assert {one["with"] for one in steps(twin, "glue")} == {"Cy/1"}
    assert {one["with"] for one in steps(twin, "press legs")} <= {"Bo/1", "Cy/1"}
    painted = steps(twin, "paint")
    assert [one["set_up_min"] for one in painted] == [30, 0, 0]
    # 6 pieces of wood are there, 4 come on Tuesday, the rest is bought and takes two days.
    wood_at = [datetime.fromisoformat(one["start"]) for one in steps(twin, "press legs")]
    assert wood_at[-1] >= NOW + timedelta(days=2)


def test_what_dries_needs_nobody_and_keeps_its_order(twin: PlannedShop) -> None:
    glue, dry, paint = (steps(twin, name) for name in ("glue", "dry", "paint"))
    assert {one["resource"].partition(" #")[0] for one in dry} == {"dry"}
    for before, after in ((glue, dry), (dry, paint)):
        by_demand = sorted(before, key=lambda one: one["end"])
        first_after = min(one["start"] for one in after)
        assert by_demand[0]["end"] <= first_after


def test_what_has_no_counterpart_is_listed_with_its_count(twin: PlannedShop) -> None:
    listed = {one["field"]: one["count"] for one in twin.summary()["not_understood"]}
    assert listed["input.demand.customer_id"] == 4
    assert listed["input.item.category"] == 1
    assert listed["input.customer.name"] == 1
    assert listed["input.operation"] == 1  # polish
    assert "input.demand.due" not in listed
    assert "input.setuprule.duration" not in listed


def test_every_value_is_either_used_or_listed(twin: PlannedShop) -> None:
    told = sum(value is not None for row in twin.rows for value in row.fields.values())
    used = sum(len([n for n in row.asked if n in row.fields]) for row in twin.rows)
    listed = sum(
        one["count"]
        for one in twin.rows.not_understood()
        if one["why"] == "no counterpart" and not one["field"].endswith("(row)")
    )
    assert used + listed == told


@pytest.mark.django_db
def test_it_becomes_a_plant_with_stock_purchases_and_a_plan_once() -> None:
    make_factory()
    said = run_command(str(TWIN), "--organisation", "factory")
    plant = Plant.objects.get()
    assert said["plants"] == [plant.code] == ["twin-works"]
    assert plant.clock_origin_plant == NOW
    week = plant.document["calendars"]["calendar-1"]
    assert week["weekdays"]["mon"] == ["06:00-22:00"]
    assert "sat" not in week["weekdays"]
    assert week["holidays"] == ["2027-03-03"]
    booth = next(c for c in plant.document["work_centres"] if c["id"] == "booth")
    assert booth["set_up_min"]["pairs"]["black>white"] == 30
    assert next(c for c in plant.document["work_centres"] if c["id"] == "press")["resources"] == [
        {"id": "press", "lanes": 2}
    ]
    stock = Stock.objects.select_related("component").get()
    component = stock.component
    assert (component.code, component.lead_time_days) == ("beech-wood", 2)
    assert (component.minimum_order, component.lot_size, stock.on_hand) == (
        Decimal(20),
        Decimal(10),
        Decimal(6),
    )
    purchase = PurchaseOrder.objects.get()
    assert (purchase.quantity, purchase.expected_at) == (Decimal(4), NOW + timedelta(days=1))
    run = ScheduleRun.objects.get()
    assert len(run.measures["plan"]) == said["steps"]
    before = (StockMove.objects.count(), PurchaseOrder.objects.count())
    again = run_command(str(TWIN), "--organisation", "factory")
    assert again["plants"] == said["plants"]
    assert (StockMove.objects.count(), PurchaseOrder.objects.count()) == before
    assert ScheduleRun.objects.count() == 1


@pytest.mark.django_db
def test_a_dry_run_stores_nothing_and_writes_the_plan(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    said = run_command(str(TWIN), "--dry-run", "--out", str(out))
    assert Plant.objects.count() == 0
    assert len(json.loads(out.read_text())["plan"]) == said["steps"]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('[\n{"model": ]', "bad_json", "bad.json, line 2, column 11"),
        ("{}", "bad_fixture", "bad.json: a fixture is a list"),
        ('[{"model": "auth.user", "fields": {}}]', "bad_fixture", "none of its 1 rows"),
        ('[{"model": "input.item"}]', "bad_fixture", "bad.json, entry 1"),
        (
            '[{"model": "input.demand", "fields": {"name": "D", "item": "x", "due": "soon"}}]',
            "bad_fixture",
            "bad.json, entry 1 (input.demand 'D'): due is 'soon', which is not a date",
        ),
        (
            '[{"model": "input.item", "fields": {"name": "x"}},'
            ' {"model": "input.demand", "fields":'
            ' {"name": "D", "item": "y", "due": "2027-01-01"}}]',
            "bad_fixture",
            "entry 2 (input.demand 'D'): item is 'y', which is not in this file",
        ),
        (
            '[{"model": "input.operationmaterial", "pk": 3,'
            ' "fields": {"operation": "saw", "item": "x", "quantity": 1}}]',
            "bad_fixture",
            "operation is 'saw'",
        ),
        (
            '[{"model": "input.operation", "pk": "saw", "fields": {"duration": "-5"}}]',
            "bad_fixture",
            "duration is '-5'",
        ),
        (
            '[{"model": "input.operation", "pk": "saw", "fields": {"duration": "1e400"}}]',
            "bad_fixture",
            "duration is '1e400'",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place(text: str, code: str, place: str) -> None:
    from cosmo.lib.errors import Invalid

    with pytest.raises(Invalid) as refused:
        read_shop(read_rows("bad.json", text), now=NOW)
    assert refused.value.code == code
    assert place in refused.value.message


def test_the_command_refuses_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_frepple", str(tmp_path / "none.json"))
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'["\xff"]')
    with pytest.raises(CommandError, match=r"latin.json, byte 2: this is no UTF-8"):
        call_command("import_frepple", str(latin))
    with pytest.raises(CommandError, match="there is no folder"):  # before anything is stored
        call_command("import_frepple", str(latin), "--out", str(tmp_path / "none" / "plan.json"))
    with pytest.raises(CommandError, match="'-1' is no number of seconds above 0"):
        call_command("import_frepple", str(latin), "--seconds", "-1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "expected", "plants"),
    [
        ("demo", (7, 9, 3, 14, 14), ["demo-factory-2", "demo-factory-1"]),
        ("flow_line", (70, 70, 9, 10, 10), ["flow-line-factory"]),
        ("jobshop", (10, 110, 10, 10, 10), ["jobshop-the-job-shop"]),
        ("manufacturing_demo", (12, 9, 7, 220, 16), ["manufacturing-demo-factory"]),
    ],
)
def test_the_demo_models_are_planned_without_a_violation(
    name: str, expected: tuple[int, ...], plants: list[str]
) -> None:
    path = DEMOS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    make_factory()
    said = run_command(str(path), "--organisation", "factory")
    counts = ("items", "operations", "resources", "demands", "planned")
    assert tuple(said[one] for one in counts) == expected
    assert said["violations"] == 0
    assert said["plants"] == plants
    assert said["not_understood"]
