from datetime import date, time
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from production.engineering import PlantBook, Resource, SetUpTimes
from production.scheduling.problem import FAR

from .documents import plant


def faults(document: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(DocumentError) as refused:
        PlantBook.from_document(document)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def test_a_plant_is_read_whole() -> None:
    book = PlantBook.from_document(plant())
    assert book.work_centres["saw"].resources == (Resource("saw-1"), Resource("saw-2", 1, 80))
    assert book.work_centres["oven"].resources == (Resource("oven-1", 6),)
    assert book.calendars["early"].weekdays[0] == ((360, 840),)
    assert book.calendars["early"].weekdays[5] == ()
    assert (book.carrier.working_days, book.carrier.pickup) == (2, time(17))
    assert book.carrier.holidays == {date(2026, 12, 25)}
    assert book.line_of(["saw", "oven"]) == book.lines[0]
    assert book.line_of(["saw", "lathe"]) is None


def test_windows_run_through_midnight_and_through_the_weekend() -> None:
    document = plant()
    book = PlantBook.from_document(document)
    assert book.longest_window_min("saw") == 480
    assert book.longest_window_min("oven") == FAR
    weekend = {"fri": ["20:00-24:00"], "sat": ["00:00-24:00"], "sun": ["00:00-06:00"]}
    document["calendars"]["early"]["weekdays"] = weekend
    assert PlantBook.from_document(document).longest_window_min("saw") == (4 + 24 + 6) * 60
    sunday_night = {"sun": ["22:00-24:00"], "mon": ["00:00-06:00"]}
    document["calendars"]["early"]["weekdays"] = sunday_night
    assert PlantBook.from_document(document).longest_window_min("saw") == 480


@pytest.mark.parametrize(
    ("speed", "minutes", "expected"), [(100, 60, 60), (80, 60, 75), (90, 10, 12), (200, 1, 1)]
)
def test_a_resource_takes_longer_the_slower_it_is(speed: int, minutes: int, expected: int) -> None:
    assert Resource("saw-2", 1, speed).duration_min(minutes) == expected


def test_set_ups_by_pair_then_same_or_other_and_the_worst_out_of_the_unknown() -> None:
    times = SetUpTimes(2, 25, {("white", "graphite"): 35, ("graphite", "graphite"): 0})
    assert times.minutes("white", "graphite") == 35
    assert times.minutes("graphite", "white") == 25
    assert times.minutes("white", "white") == 2
    assert times.minutes("graphite", "graphite") == 0
    assert times.minutes(None, "graphite") == 35
    assert times.minutes("white", None) == 0
    assert (times.worst_into("white"), times.worst_into(None), times.worst) == (25, 0, 35)


def test_the_scheduling_matrix_says_the_same() -> None:
    times = SetUpTimes(0, 25, {("white", "graphite"): 35})
    names = ("white", "graphite", "sage")
    matrix = times.matrix(names)
    for after, name in enumerate(names):
        assert matrix.between(-1, after) == times.minutes(None, name)
        assert matrix.worst_into(after) == times.worst_into(name)
        for before, other in enumerate(names):
            assert matrix.between(before, after) == times.minutes(other, name)


def test_faults_of_a_plant_are_found_at_their_places() -> None:
    document = plant()
    document["time_zone"] = "Europe/Atlantis"
    document["calendars"]["early"]["holidays"] = ["2026-02-30"]
    document["calendars"]["never"] = {"weekdays": {"mon": []}}
    document["work_centres"][0]["calendar"] = "late"
    document["work_centres"][0]["resources"].append({"id": "saw-1"})
    document["lines"] = [
        {"code": "line-1", "connector": "rest", "work_centres": ["saw", "lathe"]},
        {"code": "line-1", "connector": "rest", "work_centres": ["saw", "paint"]},
    ]
    assert faults(document) == [
        (("time_zone",), "unknown_time_zone"),
        (("calendars", "early", "holidays", 0), "bad_date"),
        (("calendars", "never", "weekdays"), "never_open"),
        (("work_centres", 0, "resources", 2, "id"), "duplicate_id"),
        (("work_centres", 0, "calendar"), "unknown_calendar"),
        (("lines", 0, "work_centres", 1), "unknown_work_centre"),
        (("lines", 1, "code"), "duplicate_id"),
        (("work_centres", 2, "id"), "work_centre_without_line"),
    ]


def test_a_work_centre_belongs_to_one_line() -> None:
    document = plant()
    document["lines"].append({"code": "line-2", "connector": "rest", "work_centres": ["saw"]})
    assert faults(document) == [(("lines", 1, "work_centres", 0), "work_centre_in_two_lines")]
