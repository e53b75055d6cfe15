"""The engine on published models: their counts through the command, and clicks beside plain SAT.

The files are not part of this repository (softvare-group/feature-model-benchmark, MIT). Where
``COSMO_FEATURE_MODELS`` or ``../shared/data/feature-models`` does not hold them, this is skipped.
"""

import io
import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command
from pysat.solvers import Glucose4

from design.model_files import load_model
from design.rules import Engine, Session
from tests.design.exchange.test_public_models import FOLDER

EXACT = {"berkeleydb": "32", "e_shop": "247496437923840", "pc-richmond": "3326549945784326553600"}
ROUNDED = {"bank": "5.258228e+31", "printer": "2.278241e+27", "uclibc": "1.660188e+40"}
FILES = [
    *(f"{name}.dimacs" for name in (*EXACT, *ROUNDED)),
    *(f"{name}.uvl" for name in (*EXACT, *ROUNDED) if name != "pc-richmond"),
]
CLICKS = 8


def _path(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not here; set COSMO_FEATURE_MODELS to the folder of the models.")
    return path


@pytest.mark.parametrize("name", FILES)
def test_the_command_counts_what_was_published(name: str, tmp_path: Path) -> None:
    clicks, out = tmp_path / "clicks", io.StringIO()
    clicks.write_text("{}\n")
    call_command("configure", str(_path(name)), "--clicks", str(clicks), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    model = Path(name).stem
    if model in EXACT:
        assert str(answer["count"]) == EXACT[model]
    else:
        assert f"{answer['count']:.6e}" == ROUNDED[model]


def test_clicks_on_a_large_model_are_those_of_plain_sat() -> None:
    """Every literal asked for one by one of Glucose, over the clauses as the file has them."""
    path = _path("busybox118.dimacs")
    numbers, clauses = {}, []
    for line in path.read_text().splitlines():
        if line.startswith("c "):
            _, number, name = line.split(" ", 2)
            numbers[name] = int(number)
        elif not line.startswith("p"):
            clauses.append([int(word) for word in line.split()[:-1]])
    session = Session(Engine(load_model(path).model))
    accepted: dict[str, int] = {}
    rng, refused = random.Random(118), 0
    with Glucose4(bootstrap_with=clauses) as solver:
        for _ in range(CLICKS):
            name, option = rng.choice(list(numbers)), rng.choice(["true", "false"])
            wished = {**accepted, name: numbers[name] * (1 if option == "true" else -1)}
            fits = solver.solve(assumptions=list(wished.values()))
            assert (session.choose(name, option) is None) is fits
            refused += not fits
            accepted = wished if fits else accepted
            for feature, domain in session.domains().items():
                others = [x for other, x in accepted.items() if other != feature]
                assert ("true" in domain) is solver.solve(assumptions=[*others, numbers[feature]])
                assert ("false" in domain) is solver.solve(assumptions=[*others, -numbers[feature]])
    assert len(accepted) + refused == CLICKS
