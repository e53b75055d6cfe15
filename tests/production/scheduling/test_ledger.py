"""Following changes leaves exactly what laying everything out anew would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from production.scheduling import Booked, GapIndex, LaneGaps
from production.scheduling.ledger import FEW, Ledger, Row

WINDOWS = {1: ((0, 40), (50, 90)), 2: ((10, 90),), 3: ((0, 20), (30, 35), (60, 95))}
SLOTS = tuple(range(0, 90, 5))


@st.composite
def steps(draw: st.DrawFn) -> list[list[Row]]:
    """Changes as a plant makes them: no lane is taken twice at any time."""
    booked: dict[int, tuple[int, int]] = {}
    made: list[list[Row]] = []
    for _ in range(draw(st.integers(1, 6))):
        rows: list[Row] = []
        for _ in range(draw(st.integers(0, 5))):
            key = draw(st.integers(1, 12))
            place = (draw(st.sampled_from((1, 2, 3, 9))), draw(st.sampled_from(SLOTS)))
            if draw(st.booleans()) or place in booked.values():
                booked.pop(key, None)
                rows.append(Row(key, None))
            else:
                booked[key] = place
                length, room = draw(st.integers(1, 5)), draw(st.integers(0, 12))
                rows.append(Row(key, place[0], Booked(place[1], place[1] + length, room)))
        made.append(rows)
    return made


def laid_out(rows: list[Row]) -> dict[int, tuple[tuple[int, int], ...]]:
    index = {
        lane: LaneGaps(windows, [row.booked for row in rows if row.lane == lane])
        for lane, windows in WINDOWS.items()
    }
    return {lane: gaps.free for lane, gaps in index.items()}


def free(index: GapIndex) -> dict[int, tuple[tuple[int, int], ...]]:
    return {lane: index[lane].free for lane in WINDOWS}


@settings(max_examples=300, deadline=None)
@given(steps())
def test_following_equals_laying_out_anew(changes: list[list[Row]]) -> None:
    ledger = Ledger(WINDOWS)
    known: dict[int, Row] = {}
    states = [(ledger, laid_out([]))]
    for rows in changes:
        ledger = ledger.followed(rows)
        known |= {row.key: row for row in rows}
        standing = [row for row in known.values() if row.lane in WINDOWS]
        states.append((ledger, laid_out(standing)))
        assert len(ledger) == len(standing)
        assert free(Ledger(WINDOWS, standing).index) == laid_out(standing)
    for kept, wanted in states:  # a ledger never changes under a reader
        assert free(kept.index) == wanted


def test_many_changes_of_a_lane_at_once_are_laid_out_anew() -> None:
    rows = [Row(key, 2, Booked(10 + 3 * key, 12 + 3 * key, 2)) for key in range(FEW * 2)]
    ledger = Ledger(WINDOWS).followed(rows)
    assert free(ledger.index) == laid_out(rows)
    assert free(ledger.followed([Row(row.key, None) for row in rows]).index) == laid_out([])


def test_the_same_change_followed_twice_changes_nothing() -> None:
    rows = [Row(1, 1, Booked(5, 9)), Row(2, None)]
    once = Ledger(WINDOWS).followed(rows)
    assert free(once.followed(rows).index) == free(once.index)
    assert once.followed([]) is once
