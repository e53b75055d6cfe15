import json

import pytest
from django.core.management import CommandError, call_command

from production.management.commands import schedule
from production.scheduling.bench.sets import SETS

JOB_SHOP = "2 2\n0 3 1 2\n1 4 0 1\n"
WITH_SET_UPS = "2 1\n1 1 1 5\n1 1 1 4\n0 9\n2 0\n"


@pytest.fixture
def untouched_signals(monkeypatch):
    monkeypatch.setattr(schedule, "_interruption", lambda: lambda: False)


def planned(tmp_path, text, form, *options):
    file, out = tmp_path / "shop.txt", tmp_path / "plan.json"
    file.write_text(text)
    call_command(
        "schedule", str(file), "--format", form, "--out", str(out), "--cpu-seconds", "1000",
        "--verbosity", "0", *options,
    )  # fmt: skip
    return json.loads(out.read_text())


@pytest.mark.usefixtures("untouched_signals")
def test_a_plan_is_written_with_machines_as_in_the_file(tmp_path):
    plan = planned(tmp_path, WITH_SET_UPS, "sdst")
    assert sorted(plan) == ["cpu_seconds", "lower_bound", "objective", "operations"]
    assert (plan["objective"], plan["lower_bound"]) == (11, 11)
    assert plan["operations"] == [
        {"job": 0, "operation": 0, "machine": 1, "setup_start": 4, "start": 6, "end": 11},
        {"job": 1, "operation": 0, "machine": 1, "setup_start": 0, "start": 0, "end": 4},
    ]


@pytest.mark.usefixtures("untouched_signals")
def test_weighted_tardiness_can_be_what_counts(tmp_path):
    plan = planned(tmp_path, JOB_SHOP, "jsp", "--objective", "weighted_tardiness")
    assert plan["objective"] == plan["lower_bound"] == 0
    assert [row["setup_start"] == row["start"] for row in plan["operations"]] == [True] * 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cpu-seconds", "0"], "'0' is no number of seconds above 0"),
        (["--workers", "0"], "'0' is no number of workers from 1 to 256"),
        (["--workers", "²"], "'²' is no number of workers from 1 to 256"),
        (["--seed", "-1"], "'-1' is no seed from 0 to 1000000000"),
        (["--objective", "beauty"], "invalid choice: 'beauty'"),
    ],
)
def test_options_out_of_range_are_refused(tmp_path, options, said):
    with pytest.raises(CommandError, match=said):
        planned(tmp_path, JOB_SHOP, "jsp", *options)


def test_a_malformed_file_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(CommandError, match="line 2: a machine is 7"):
        planned(tmp_path, "1 1\n7 3\n", "jsp")
    assert not (tmp_path / "plan.json").exists()


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_planned(tmp_path):
    file = tmp_path / "shop.txt"
    file.write_text(JOB_SHOP)
    out = tmp_path / "none" / "plan.json"
    with pytest.raises(CommandError, match="there is no folder"):
        call_command("schedule", str(file), "--format", "jsp", "--out", str(out))


def test_a_missing_folder_of_instances_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"No instances jsp/lawrence/\*.txt in"):
        call_command("bench_schedule", "--set", "lawrence", "--data", str(tmp_path))


def test_a_set_is_measured_line_by_line_with_totals(tmp_path, capsys):
    folder = tmp_path / "jsp" / "lawrence"
    folder.mkdir(parents=True)
    (folder / "tiny.txt").write_text(JOB_SHOP)
    (tmp_path / "reference").mkdir()
    known = [{"instance": "tiny", "upper_bound": 6}]
    (tmp_path / "reference" / "jsp_best_known.json").write_text(json.dumps(known))
    call_command("bench_schedule", "--set", "lawrence", "--data", str(tmp_path), "--json")
    line, total = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["instance"], line["objective"], line["gap_percent"]) == ("tiny", 6, 0.0)
    assert (line["cp_sat_objective"], line["cp_sat_bound"], line["is_behind"]) == (6, 6, False)
    assert (total["instance"], total["behind"], total["equal"]) == ("total", 0, 1)


def test_the_sets_of_the_literature_are_there():
    assert {"brandimarte", "lawrence", "taillard", "sdst", "twt"} <= set(SETS)
