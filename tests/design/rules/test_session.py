"""Random sessions of clicks against brute force: what is accepted, refused, left and undone."""

import random
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from design.rules import Choice, Engine, Including, Model, Refused, Session
from tests.design.rules.documents import choice, offer, parameter, several, writing
from tests.design.rules.kinds import SHAPES, Case, cases, random_state, same
from tests.design.rules.oracle import Single, answers, option_ids

MODELS = {"plain": 160, "scaled": 120, "component": 160}
START = {"plain": 1000, "scaled": 2000, "component": 3000}
BLOCK = 40
CLICKS = 8

blocks = pytest.mark.parametrize(
    ("shape", "first"),
    [(shape, START[shape] + n) for shape in SHAPES for n in range(0, MODELS[shape], BLOCK)],
)


class Mirror:
    """What a session should hold, kept by the test."""

    def __init__(self) -> None:
        self.choices: dict[str, Any] = {}
        self.before: list[dict[str, Any]] = []

    def move(self, choices: dict[str, Any]) -> None:
        self.before.append(self.choices)
        self.choices = choices


@blocks
def test_every_click_is_answered_as_brute_force_answers_it(shape: str, first: int) -> None:
    refused = 0
    for case in cases(first, first + BLOCK, shape):
        rng = random.Random(case.seed)
        with_diagram = case.seed % 2 == 0
        session, mirror = Session(case.engine(with_diagram=with_diagram)), Mirror()
        for _ in range(CLICKS):
            refused += _click(rng, case, session, mirror)
            assert session.choices == mirror.choices
            assert same(session.domains(), case.domains(mirror.choices)), (case.seed, mirror)
            count = case.count(mirror.choices) if with_diagram else None
            assert session.count() == count, case.seed
        while mirror.before:
            session.undo()
            mirror.choices = mirror.before.pop()
            assert session.choices == mirror.choices
            assert same(session.domains(), case.domains(mirror.choices)), case.seed
        session.undo()
        assert session.choices == {}
    assert refused > 10


def _click(rng: random.Random, case: Case, session: Session, mirror: Mirror) -> bool:
    """One random click on both; whether it was refused."""
    name = rng.choice(list(case.oracle.features))
    feature, kind = case.oracle.features[name], rng.random()
    if kind < 0.1:
        session.undo()
        mirror.choices = mirror.before.pop() if mirror.before else {}
        return False
    if kind < 0.2:
        session.retract(name)
        mirror.move({key: value for key, value in mirror.choices.items() if key != name})
        return False
    if kind < 0.25 and feature["kind"] == "multi":
        option = rng.choice(option_ids(feature))
        session.retract(name, option)
        mirror.move(_without(mirror.choices, Choice(name, option)))
        return False
    multi = feature["kind"] == "multi"
    option = rng.choice(option_ids(feature) if multi else answers(feature))
    wished = {key: value for key, value in mirror.choices.items() if key != name}
    held = mirror.choices.get(name, ())
    wished[name] = Including(dict.fromkeys((*held, option))) if multi else option
    answer = session.choose(name, option)
    assert (answer is None) is case.possible(wished), (case.seed, mirror.choices, name, option)
    if answer is None:
        mirror.move(wished)
        return False
    _check_refusal(case, mirror.choices, (name, option, True), answer)
    _check_repairs_work(session, mirror.choices, name, option, answer)
    return True


def _without(choices: dict[str, Any], taken: Choice) -> dict[str, Any]:
    left = {name: value for name, value in choices.items() if name != taken.feature}
    held = choices.get(taken.feature, ())
    if isinstance(held, tuple):
        rest = Including(option for option in held if option != taken.option)
        return {**left, taken.feature: rest} if rest else left
    return left


def _earlier(case: Case, choices: dict[str, Any], asked: Single) -> list[Single]:
    singles = case.singles(choices)
    if case.oracle.features[asked[0]]["kind"] == "multi":
        return [single for single in singles if single != asked]
    return [single for single in singles if single[0] != asked[0]]


def _check_refusal(case: Case, choices: dict[str, Any], asked: Single, refused: Refused) -> None:
    earlier = _earlier(case, choices, asked)
    named: list[Single] = [(c.feature, c.option, c.is_chosen) for c in refused.conflict.choices]
    assert len(set(named)) == len(named)
    assert [single for single in earlier if single in named] == named  # oldest first
    possible, still = case.oracle.possible, case.structure
    assert not possible([asked, *named])
    for one in named:
        assert possible([asked, *(single for single in named if single != one)]), case.seed
    rules = refused.conflict.rules
    assert not set(rules) & set(still)
    assert not possible([asked, *named], [*rules, *still])
    for one_rule in rules:
        kept = [*(rule for rule in rules if rule != one_rule), *still]
        assert possible([asked, *named], kept), (case.seed, one_rule)
    _check_fewest(case, earlier, asked, refused)


def _check_fewest(case: Case, earlier: list[Single], asked: Single, refused: Refused) -> None:
    found = {
        frozenset((c.feature, c.option, c.is_chosen) for c in repair) for repair in refused.repairs
    }
    assert len(found) == len(refused.repairs)
    wanted: set[frozenset[Single]] = set()
    for size in range(1, len(earlier) + 1):
        wanted = {
            frozenset(taken)
            for taken in combinations(earlier, size)
            if case.oracle.possible([asked, *(s for s in earlier if s not in taken)])
        }
        if wanted:
            break
    assert found <= wanted
    assert len(found) == min(3, len(wanted)), (case.seed, earlier, asked)


def _check_repairs_work(
    session: Session, choices: dict[str, Any], name: str, option: Any, refused: Refused
) -> None:
    for repair in refused.repairs:
        again = Session(session.engine, choices=dict(choices))
        for taken in repair:
            again.retract(taken.feature, taken.option)
        assert again.choose(name, option) is None


@blocks
def test_answers_do_not_hang_on_what_was_asked_before(shape: str, first: int) -> None:
    """Every state in random order, with all states one choice smaller mixed in, on one engine."""
    for case in cases(first, first + BLOCK, shape):
        rng = random.Random(case.seed)
        states: list[dict[str, Any]] = []
        for _ in range(4):
            state = random_state(rng, case)
            states.append(state)
            states += [{k: v for k, v in state.items() if k != name} for name in state]
        states += rng.sample(states, 3)
        rng.shuffle(states)
        sat, drawn = case.engine(with_diagram=False), case.engine(with_diagram=True)
        if case.seed % 2:
            sat.take_first_answers(case.engine(with_diagram=False).first_answers())
        for state in states:
            order = list(state)
            rng.shuffle(order)
            shuffled = {name: state[name] for name in order}
            wanted = case.domains(state)
            assert same(sat.domains(shuffled), wanted), (case.seed, state)
            assert same(drawn.domains(state), wanted), (case.seed, state)
            assert same(drawn.sat_domains(shuffled), wanted), (case.seed, state)
            assert drawn.count(shuffled) == case.count(state)
            assert sat.is_valid(shuffled) is case.possible(state)


def test_every_kind_of_session_is_drawn_often_enough() -> None:
    drawn = {
        shape: sum(1 for _ in cases(START[shape], START[shape] + MODELS[shape], shape))
        for shape in SHAPES
    }
    assert drawn["plain"] >= 100
    assert drawn["scaled"] >= 75
    assert drawn["component"] >= 60


def _session(*features: dict[str, Any], rules: tuple[dict[str, Any], ...] = ()) -> Session:
    return Session(Engine(Model.from_document(offer(list(features), *rules))))


def test_the_first_option_of_a_feature_that_takes_several_is_accepted() -> None:
    session = _session(several("legs", "a", "b", "c", least=2))
    assert session.choose("legs", "c") is None
    assert session.domains()["legs"] == frozenset({"a", "b", "c"})


def test_an_option_too_many_is_refused_for_those_already_there() -> None:
    session = _session(several("legs", "a", "b", "c", most=2))
    assert session.choose("legs", "c") is None
    assert session.choose("legs", "a") is None
    refused = session.choose("legs", "b")
    assert refused is not None
    assert [c.option for c in refused.conflict.choices] == ["c", "a"]
    assert refused.conflict.rules == ()
    assert refused.repairs == ((Choice("legs", "c"),), (Choice("legs", "a"),))


def test_a_click_that_repeats_an_answer_is_a_click_too() -> None:
    session = _session(choice("a", "x", "y"), choice("b", "x", "y"))
    session.choose("a", "y")
    session.choose("a", "y")
    session.retract("b")
    session.undo()
    session.undo()
    assert session.choices == {"a": "y"}
    session.undo()
    assert session.choices == {}


def test_retracting_an_option_that_is_not_chosen_leaves_the_answer() -> None:
    session = _session(choice("a", "x", "y"), several("m", "p", "q"))
    session.choose("a", "y")
    session.choose("m", "p")
    session.retract("a", "x")
    session.retract("m", "q")
    assert session.choices == {"a": "y", "m": ("p",)}
    session.retract("m", "p")
    assert session.choices == {"a": "y"}


@pytest.mark.parametrize(
    "feature",
    [
        choice("only", "one"),
        choice("only", "one", optional=True),
        several("only", "one"),
        several("only", "one", least=1),
        parameter("only", 5, 5, 1),
        {**parameter("only", 5, 5, 1), "scaled": True},
        {**parameter("only", 5, 6, 1), "scaled": True},
        parameter("only", 0, 3_999, 1),
        writing("only"),
    ],
)
@pytest.mark.parametrize("with_diagram", [False, True])
def test_a_product_of_one_question_without_rules(
    feature: dict[str, Any], with_diagram: bool
) -> None:
    session = _session(feature)
    if with_diagram:
        diagram = session.engine.compile()
        assert diagram is not None
        session.engine.use(diagram)
    model = session.engine.model.by_id["only"]
    everything = set(model.domain)
    assert set(session.domains()["only"]) == everything
    for option in list(model.domain)[:2]:
        assert session.choose("only", option) is None
        assert set(session.domains()["only"]) == everything
        assert session.engine.explain(session.choices, "only", option) is None
        assert session.engine.repairs(session.choices, "only", option) == ()
    if with_diagram:
        assert session.count() == 1
    assert session.engine.complete({})


def test_a_model_without_any_design_refuses_everything_and_says_which_rules() -> None:
    broken = offer([choice("a", "x", "y")], {"always": "a == 'x'"}, {"never": "a == 'x'"})
    session = Session(Engine(Model.from_document(broken, defaults_hold=False)))
    for _ in range(2):
        assert session.domains() == {"a": frozenset()}
        refused = session.choose("a", "x")
        assert refused is not None
        assert refused.conflict.choices == ()
        assert refused.repairs == ()
        assert refused.conflict.rules == ("R2",)
        diagram = session.engine.compile()
        assert diagram is not None
        session.engine.use(diagram)
    assert session.count() == 0


def test_the_cheapest_repair_comes_first() -> None:
    """Either of five choices may be taken back; three are shown, by what the design costs then."""
    features = [choice(f"f{n}", "no", "yes") for n in range(5)]
    rule = {"never": " and ".join(f"f{n} == 'yes'" for n in range(5)) + " and last == 'yes'"}
    engine = Engine(Model.from_document(offer([*features, choice("last", "no", "yes")], rule)))
    worth = {"f0": 30, "f1": 10, "f2": 50, "f3": 40, "f4": 20}

    def price(choices: Any) -> Decimal:
        return sum((Decimal(worth.get(name, 0)) for name in choices), Decimal(0))

    session = Session(engine, price)
    for name in worth:
        assert session.choose(name, "yes") is None
    refused = session.choose("last", "yes")
    assert refused is not None
    assert [repair[0].feature for repair in refused.repairs] == ["f2", "f3", "f0"]
    assert len(session.choices) == 5
