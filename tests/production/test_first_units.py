"""What is remembered of the first unit is what the gap search says at every minute."""

from hypothesis import given
from hypothesis import strategies as st

from production.scheduling import (
    Booked,
    Candidate,
    GapIndex,
    LaneGaps,
    NoRoom,
    UnitOperation,
    UnitPlacement,
)
from production.selectors.demands import Demand
from production.selectors.first_units import FirstUnits
from tests.production.scheduling.test_gaps import HORIZON, Windows, lane_st, units

TEN_MINUTES = [UnitOperation("saw", (Candidate(7, 0, 10),))]


def demand(key: int, operations: list[UnitOperation]) -> Demand:
    return Demand(("test", key), (), tuple(operations), key, ())


@given(st.data(), st.lists(lane_st, min_size=1, max_size=4))
def test_a_minute_later_it_is_as_if_nothing_were_remembered(
    data: st.DataObject, lanes: list[tuple[Windows, list[Booked]]]
) -> None:
    index = GapIndex({key: LaneGaps(w, booked) for key, (w, booked) in enumerate(lanes)})
    wanted, memory = demand(1, data.draw(units(len(lanes)))), FirstUnits()
    minutes = st.tuples(st.integers(0, HORIZON), st.sampled_from((0, 20)))
    for now, release in sorted(data.draw(st.lists(minutes, min_size=2, max_size=8))):
        told = memory.place(index, wanted, now=now, release=release)
        fresh = index.earliest_unit(wanted.operations, not_before=max(now, release))
        assert isinstance(told, NoRoom) is isinstance(fresh, NoRoom)
        assert told == fresh or isinstance(fresh, NoRoom)


def test_it_is_found_once_and_again_when_its_minute_has_gone_by() -> None:
    index = GapIndex({7: LaneGaps(((0, 100),))})
    memory, wanted = FirstUnits(), demand(1, TEN_MINUTES)
    first = memory.place(index, wanted, now=0, release=20)
    assert memory.place(index, wanted, now=15, release=20) is first
    later = memory.place(index, wanted, now=25, release=20)
    other = memory.place(index, demand(2, TEN_MINUTES), now=0, release=0)
    starts = [one.start for one in (first, later, other) if isinstance(one, UnitPlacement)]
    assert starts == [20, 25, 0]
