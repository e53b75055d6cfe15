"""One engine for many threads, and how much it keeps."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from design.rules import Conflict, Engine, TextNeeded
from tests.design.rules.kinds import Case, case, random_state
from tests.design.rules.oracle import FILLED, answers, option_ids

THREADS = 8
SEEDS = [2001, 2003, 3001, 3002, 1003]
SHAPE = {1: "plain", 2: "scaled", 3: "component"}
Question = tuple[dict[str, Any], str, Any]


def _found(number: int) -> Case:
    """A case of this number, or the next there is."""
    while (found := case(number, SHAPE[number // 1000])) is None:
        number += 1
    return found


def _questions(found: Case) -> list[Question]:
    rng = random.Random(found.seed)
    asked: list[Question] = []
    for _ in range(25):
        name = rng.choice(list(found.oracle.features))
        feature = found.oracle.features[name]
        options = option_ids(feature) if feature["kind"] == "multi" else answers(feature)
        asked.append((random_state(rng, found), name, rng.choice(options)))
    return asked


def _all_answers(engine: Engine, question: Question) -> tuple[Any, ...]:
    state, name, option = question
    option = "*" if option == FILLED else option
    design: Any = None
    if engine.is_valid(state):
        try:
            design = dict(engine.complete(state))
        except TextNeeded as error:
            design = error.code
    conflict: Conflict | None = engine.explain(state, name, option)
    return (
        engine.domains(state),
        engine.sat_domains(state),
        engine.count(state),
        conflict,
        engine.repairs(state, name, option),
        engine.explain_choices(state),
        engine.keep_newest(state),
        design,
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("with_diagram", [False, True])
def test_threads_get_the_answers_each_would_get_alone(seed: int, with_diagram: bool) -> None:
    found = _found(seed)
    questions = _questions(found)
    alone = found.engine(with_diagram=with_diagram)
    wanted = [_all_answers(alone, question) for question in questions]
    shared = found.engine(with_diagram=with_diagram)

    def ask(thread: int) -> list[tuple[int, tuple[Any, ...]]]:
        order = list(range(len(questions)))
        random.Random(thread).shuffle(order)
        return [(n, _all_answers(shared, questions[n])) for n in order]

    with ThreadPoolExecutor(THREADS) as pool:
        for told in pool.map(ask, range(THREADS)):
            for n, given in told:
                assert given == wanted[n], (found.seed, questions[n])
