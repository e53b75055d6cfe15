"""The compiled search against trying every assignment, over random clauses and rules."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from design.rules.encoding import Encoding
from design.rules.propagation import POSSIBLE, UNKNOWN, Search, Trial
from design.rules.solver import Solver, Wishes

Clause = tuple[int, ...]
Design = tuple[bool, ...]
Truths = NDArray[np.bool_]
WIDTH = 7
SEEDS = range(300)


def _holds(clause: Sequence[int], design: Design) -> bool:
    return any(design[abs(x) - 1] is (x > 0) for x in clause)


class Planted:
    """Random clauses over a few variables, a third of them always in force, and all designs."""

    def __init__(self, seed: int, chain: int = 0) -> None:
        self.rng = random.Random(seed)
        rules = self.rng.randint(1, 6)
        self.always: list[Clause] = [(-b, a) for a, b in pairwise(range(1, chain + 1))]
        self.of_rules: list[list[Clause]] = [[] for _ in range(rules)]
        for _ in range(self.rng.randint(6, 22)):
            variables = self.rng.sample(range(1, WIDTH + 1), self.rng.choice((1, 2, 2, 3, 3, 4)))
            clause = tuple(v * self.rng.choice((1, -1)) for v in variables)
            if self.rng.random() < 0.3 and len(clause) > 1:
                self.always.append(clause)
            else:
                self.rng.choice(self.of_rules).append(clause)
        names = {f"R{n}": WIDTH + n + 1 for n in range(rules)}
        guarded = [
            (-selector, *clause)
            for selector, clauses in zip(names.values(), self.of_rules, strict=True)
            for clause in clauses
        ]
        rows = (*self.always, *guarded)
        self.rows, self.selectors = rows, tuple(names.values())
        self.search = Search(Encoding({}, WIDTH, WIDTH + rules, rows, names, {}, ()))

    def solver(self) -> Solver:
        return Solver(self.rows, self.selectors, WIDTH + len(self.selectors), lambda: self.search)

    def designs(
        self, literals: Sequence[int] = (), rules: Sequence[bool] | Truths = ()
    ) -> list[Design]:
        """All designs with ``literals`` that keep ``rules`` (all, unless given)."""
        asked = self.always + [
            clause
            for place, clauses in enumerate(self.of_rules)
            if not len(rules) or rules[place]
            for clause in clauses
        ]
        return [
            design
            for design in product((False, True), repeat=WIDTH)
            if all(_holds((x,), design) for x in literals)
            and all(_holds(clause, design) for clause in asked)
        ]

    def literals(self, most: int) -> list[int]:
        variables = self.rng.sample(range(1, WIDTH + 1), self.rng.randint(0, most))
        return [v * self.rng.choice((1, -1)) for v in variables]


def _mask(design: Design) -> int:
    return sum(1 << place for place, is_true in enumerate(design, 1) if is_true)


def _all_planted(chain: int = 0) -> Iterator[Planted]:
    return (Planted(seed, chain) for seed in SEEDS)


def test_a_decision_is_that_of_brute_force_and_its_reasons_suffice() -> None:
    seen = {True: 0, False: 0}
    for planted in _all_planted():
        literals = planted.literals(4)
        rules = planted.search.all_rules
        rules[:-1] = [planted.rng.random() < 0.8 for _ in rules[:-1]]
        decision = planted.search.decide(literals, rules)
        assert decision.is_possible is bool(planted.designs(literals, rules))
        seen[decision.is_possible] += 1
        if not decision.is_possible:
            assert not (decision.rules & ~rules).any()
            assert decision.needed <= set(literals)
            assert not planted.designs(sorted(decision.needed), decision.rules)
    assert min(seen.values()) > 50


def test_a_decision_near_a_design_is_the_same() -> None:
    seen = {True: 0, False: 0}
    for planted in _all_planted():
        every = planted.designs()
        for design in planted.rng.sample(every, min(len(every), 3)):
            literals = planted.literals(4)
            decision = planted.search.decide(literals, near=_mask(design))
            assert decision.is_possible is bool(planted.designs(literals))
            seen[decision.is_possible] += 1
    assert min(seen.values()) > 50


def test_the_same_question_has_the_same_reasons_whatever_was_asked_before() -> None:
    for planted in _all_planted():
        asked = [planted.literals(4) for _ in range(6)]
        first = [planted.search.decide(literals) for literals in asked]
        again = [planted.search.decide(literals) for literals in reversed(asked)][::-1]
        for one, other in zip(first, again, strict=True):
            assert (one.is_possible, one.needed) == (other.is_possible, other.needed)
            assert one.rules.tolist() == other.rules.tolist()


def test_rules_are_left_out_until_none_is_superfluous() -> None:
    asked = 0
    for planted in _all_planted():
        literals = planted.literals(4)
        rules = planted.search.all_rules
        if planted.designs(literals, rules):
            continue
        expected = rules.copy()
        for place in range(len(rules) - 1):
            expected[place] = False
            expected[place] = bool(planted.designs(literals, expected))
        left = planted.search.minimise(literals, rules, _never_asked)
        assert left.tolist() == expected.tolist()
        seen = planted.search.propagate(literals, rules)
        if seen is not None:
            assert seen[-1]
            assert not planted.designs(literals, seen)
        asked += 1
    assert asked > 50


def _never_asked(rules: Truths) -> bool:
    raise AssertionError("so small a question is not given up")


def _blocks(planted: Planted) -> list[list[int]]:
    return [planted.literals(3) for _ in range(planted.rng.randint(1, 6))]


def _kept_by_trying(planted: Planted, literals: list[int], blocks: list[list[int]]) -> list[bool]:
    held, fits = list(literals), []
    for block in blocks:
        fits.append(bool(planted.designs([*held, *block])))
        held += block if fits[-1] else []
    return fits


def test_wishes_are_kept_one_after_the_other_where_they_fit() -> None:
    seen = {True: 0, False: 0}
    for planted in _all_planted():
        literals, blocks = planted.literals(2), _blocks(planted)
        every = planted.designs(literals)
        if not every:
            continue
        fits = _kept_by_trying(planted, literals, blocks)
        held = [x for block, fit in zip(blocks, fits, strict=True) if fit for x in block]
        near = _mask(planted.rng.choice(every))
        for _again in range(2):  # the second time in a state that was used before
            with planted.search.trial(near=near) as trial:
                assert trial.keep([literals]) == [POSSIBLE]
                assert trial.keep(blocks) == [int(one) for one in fits]
                assert trial.design in {_mask(one) for one in planted.designs([*literals, *held])}
        for one in fits:
            seen[one] += 1
    assert min(seen.values()) > 50


def test_of_several_wishes_the_first_that_fits_is_taken_alone() -> None:
    taken = 0
    for planted in _all_planted():
        literals, blocks = planted.literals(2), _blocks(planted)
        if not (every := planted.designs(literals)):
            continue
        with planted.search.trial(near=_mask(planted.rng.choice(every))) as trial:
            trial.keep([literals])
            verdicts = trial.keep(blocks, is_one=True)
            singly = [bool(planted.designs([*literals, *block])) for block in blocks]
            first = singly.index(True) if True in singly else len(blocks)
            assert [verdict == POSSIBLE for verdict in verdicts] == [
                place == first for place in range(len(blocks))
            ]
            held = blocks[first] if first < len(blocks) else []
            assert trial.design in {_mask(one) for one in planted.designs([*literals, *held])}
            taken += first < len(blocks)
    assert taken > 100


def _gives_up_now_and_then(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let trials give up at places of their own; what they are asked again is counted."""
    rng, real, asked = random.Random(1), Trial.keep, list[int]()

    def keep(trial: Trial, blocks: Sequence[Sequence[int]], *, is_one: bool = False) -> list[int]:
        if rng.random() < 0.3 or len(blocks) == 1:  # a single one is what the solver said fits
            return real(trial, blocks, is_one=is_one)
        known = rng.randrange(len(blocks))
        found = real(trial, blocks[:known], is_one=is_one)
        return [*found, *[UNKNOWN] * (len(blocks) - known)]

    def fits(wishes: Wishes, block: Sequence[int]) -> bool:
        asked.append(1)
        return solved(wishes, block)

    solved = Wishes._fits_for_the_solver
    monkeypatch.setattr(Trial, "keep", keep)
    monkeypatch.setattr(Wishes, "_fits_for_the_solver", fits)
    return asked


def test_where_the_search_gives_up_the_solver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _gives_up_now_and_then(monkeypatch)
    for planted in _all_planted():
        literals, blocks = planted.literals(2), _blocks(planted)
        singly = [bool(planted.designs([*literals, *block])) for block in blocks]
        solver = planted.solver()
        is_possible = bool(planted.designs(literals))
        with solver.wishes(blocks[0]) as wishes:
            assert (wishes is not None) is bool(planted.designs())
            if wishes is not None:
                assert wishes.keep([literals]) == [is_possible]
            if wishes is not None and is_possible:
                assert wishes.keep(blocks) == _kept_by_trying(planted, literals, blocks)
        with solver.wishes(blocks[0]) as wishes:
            if wishes is not None and wishes.keep([literals])[0]:
                assert wishes.first(blocks) == (singly.index(True) if any(singly) else None)
    assert len(asked) > 100


@pytest.mark.parametrize("gives_up", [False, True])
def test_choices_can_be_switched_to_what_brute_force_says(
    monkeypatch: pytest.MonkeyPatch, gives_up: bool
) -> None:
    if gives_up:
        real = Search.switch

        def switch(search: Search, *asked: Any) -> NDArray[np.int8]:
            verdicts = real(search, *asked)
            verdicts[::2] = UNKNOWN
            return verdicts

        monkeypatch.setattr(Search, "switch", switch)
    seen = {True: 0, False: 0}
    together = {True: 0, False: 0}
    for planted in _all_planted():
        literals = planted.literals(5)
        choices = [literals[:1], literals[1:3], literals[3:]]
        skipped = planted.rng.sample(range(3), planted.rng.randint(1, 3))
        wanted = [_blocks(planted) for _ in skipped]
        fits = planted.solver().switchable(choices, skipped, wanted)
        expected = []
        for skip, few in zip(skipped, wanted, strict=True):
            others = [x for place, one in enumerate(choices) if place != skip for x in one]
            expected += [bool(planted.designs([*others, *block])) for block in few]
        assert fits == expected
        together[bool(planted.designs(literals))] += 1
        for one in expected:
            seen[one] += 1
    assert min(*seen.values(), *together.values()) > 50


@pytest.mark.parametrize("gives_up", [False, True])
def test_a_number_can_be_switched_as_far_as_brute_force_says(
    monkeypatch: pytest.MonkeyPatch, gives_up: bool
) -> None:
    if gives_up:
        real = Search.switch_far

        def switch_far(search: Search, *asked: Any) -> tuple[list[int], list[int]]:
            sure, ends = real(search, *asked)
            return sure, [end + 1 for end in ends]

        monkeypatch.setattr(Search, "switch_far", switch_far)
    chain, seen = (1, 2, 3, 4, 5), {"none": 0, "all": 0, "some": 0}
    for planted in _all_planted(chain=5):
        value, others = planted.rng.randint(0, 5), [*planted.literals(1)]
        number = [x if x <= value else -x for x in chain]
        every = planted.designs(others)
        found = planted.solver().switch_extents([number, others], [0], [chain], [(0, 5)])
        counts = [sum(design[:5]) for design in every]
        assert found == [(min(counts), max(counts)) if counts else None]
        kind = "none" if not counts else "all" if set(counts) == set(range(6)) else "some"
        seen[kind] += 1
    assert min(seen["none"], seen["some"]) > 30


def test_a_chain_spans_what_every_design_leaves_it() -> None:
    narrowed = 0
    for planted in _all_planted(chain=5):
        literals = planted.literals(2)
        if not (every := planted.designs(literals)):
            continue
        with planted.search.trial(near=_mask(every[0])) as trial:
            trial.keep([literals])
            least, most = trial.span(range(1, 6))
        counts = [sum(design[:5]) for design in every]
        assert least <= min(counts)
        assert max(counts) <= most
        narrowed += (least, most) != (0, 5)
    assert narrowed > 50


def test_what_is_covered_is_possible_and_its_designs_keep_every_rule() -> None:
    covered = 0
    for planted in _all_planted():
        literals = planted.literals(2)
        every = planted.designs(literals)
        if not every:
            continue
        wanted = [x for v in range(1, WIDTH + 1) for x in (v, -v)]
        near = _mask(planted.rng.choice(every))
        verdicts, found = planted.search.cover(literals, np.array(wanted), near)
        shown = {_mask(design): design for design in every}
        assert set(found) <= set(shown)
        for literal, verdict in zip(wanted, verdicts.tolist(), strict=True):
            assert verdict == any(_holds((literal,), design) for design in every)
            assert bool(verdict) is any(_holds((literal,), shown[mask]) for mask in found)
        covered += 1
    assert covered > 150


def test_chains_are_followed_exactly_as_far_as_some_design_goes() -> None:
    followed = 0
    for planted in _all_planted(chain=5):
        literals = planted.literals(1)
        every = planted.designs(literals)
        if not every:
            continue
        up, down = (1, 2, 3, 4, 5), (-5, -4, -3, -2, -1)
        near = _mask(planted.rng.choice(every))
        low, high, found = planted.search.reach(literals, [up, down], [0, 0], [5, 5], near)
        taken = [[sum(_holds((x,), design) for x in chain) for design in every]
                 for chain in (up, down)]  # fmt: skip
        assert low == high == [max(steps) for steps in taken]
        assert set(found) <= {_mask(design) for design in every}
        followed += 1
    assert followed > 80


@pytest.mark.parametrize("pigeons", [9])
def test_a_search_that_would_take_long_gives_up_and_says_nothing(pigeons: int) -> None:
    """Nine pigeons do not fit into eight holes, which no short search finds out."""
    holes = pigeons - 1
    place = [[p * holes + h + 1 for h in range(holes)] for p in range(pigeons)]
    rows = [tuple(row) for row in place]
    for one in range(pigeons):
        for other in range(one):
            rows += [(-a, -b) for a, b in zip(place[one], place[other], strict=True)]
    width = pigeons * holes + 1
    search = Search(Encoding({}, width, width, tuple((-width, *row) for row in rows), {}, {}, ()))
    assert search.decide([width]).is_possible is None
    assert search.decide([-width]).is_possible is True
    verdicts, _ = search.cover([], np.array([width, -width]), near=0)
    assert verdicts.tolist() == [UNKNOWN, POSSIBLE]


def test_an_empty_clause_leaves_no_design_and_needs_nothing_else() -> None:
    search = Search(Encoding({}, 2, 3, ((-3,), (1, 2)), {"R1": 3}, {}, ()))
    decision = search.decide([1])
    assert (decision.is_possible, decision.needed) == (False, frozenset())
    assert decision.rules.tolist()[0] is True
    assert search.decide([1], np.array([False, True])).is_possible is True
