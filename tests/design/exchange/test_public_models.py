"""Ten published models, each as UVL and as DIMACS: read whole, and the same designs in both.

The files are not part of this repository (softvare-group/feature-model-benchmark, MIT). Where
``COSMO_FEATURE_MODELS`` or ``../shared/data/feature-models`` does not hold them, this is skipped.
"""

import os
import time
from functools import cache
from pathlib import Path

import pytest
from pysat.solvers import Glucose4

from design.rules.clauses import Clauses
from design.rules.combinations import Variables
from design.rules.encoding import encode
from design.rules.exchange import FileModel, read_model
from design.rules.translate import Translator
from tests.design.exchange.designs import solutions

FOLDER = Path(
    os.environ.get(
        "COSMO_FEATURE_MODELS",
        Path(__file__).parents[4] / "shared" / "data" / "feature-models",
    )
)
SIZES = {
    "agribusiness": (2238, 2615),
    "automotive01": (2513, 10300),
    "bank": (176, 280),
    "berkeleydb": (117, 417),
    "busybox118": (854, 1163),
    "e_shop": (173, 289),
    "fs01-2017": (557, 4992),
    "pc-richmond": (377, 1356),
    "printer": (172, 309),
    "uclibc": (313, 1240),
}
models = pytest.mark.parametrize("name", SIZES)


def _path(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not here; set COSMO_FEATURE_MODELS to the folder of the models.")
    return path


@cache
def _read(name: str) -> FileModel:
    return read_model(FOLDER / name)


@models
def test_the_published_numbers_of_variables_and_clauses_are_found(name: str) -> None:
    found = read_model(_path(f"{name}.dimacs"))
    assert (len(found.model.features), len(found.model.rules)) == SIZES[name]
    assert found.uncounted == frozenset()


@models
def test_both_files_name_the_same_features(name: str) -> None:
    _path(f"{name}.uvl"), _path(f"{name}.dimacs")
    of_uvl, of_dimacs = (_read(f"{name}.{kind}").model.by_id.keys() for kind in ("uvl", "dimacs"))
    if name != "pc-richmond":
        assert of_uvl == of_dimacs
        return
    # Names with a point are not allowed in UVL: where the collection has them, its UVL file writes
    # a comma or lacks the features. The two files are different models.
    assert (len(of_uvl), len(of_dimacs)) == (364, 377)
    assert all("." in feature or "," in feature for feature in of_uvl - of_dimacs)


@models
def test_both_files_describe_the_same_designs(name: str) -> None:
    """Every clause of one file follows from the other, by plain SAT over the bare clauses."""
    _path(f"{name}.uvl"), _path(f"{name}.dimacs")
    uvl = _read(f"{name}.uvl").model
    names, clauses = _bare(name)
    if uvl.by_id.keys() != set(names.values()):
        pytest.skip(f"The two files of {name} name different features.")
    encoding = encode(uvl.features, uvl.rules)
    own = {number: encoding.variables[feature]["true"] for number, feature in names.items()}
    with Glucose4(bootstrap_with=encoding.clauses) as solver:
        for selector in encoding.rules.values():
            solver.add_clause([selector])
        for clause in clauses:
            opposite = [own[abs(x)] * (-1 if x > 0 else 1) for x in clause]
            assert not solver.solve(assumptions=opposite), clause
    numbers: Variables = {name: {"true": n, "false": -n} for n, name in names.items()}
    with Glucose4(bootstrap_with=clauses) as solver:
        translator, free = Translator(uvl.by_id, numbers), max(names) + 1
        for rule in uvl.rules:
            broken = Clauses(free)
            guard = broken.new_variable()
            broken.require(translator.broken(rule), (-guard,))
            free = broken.top + 1
            for row in broken.rows:
                solver.add_clause(row)
            assert not solver.solve(assumptions=[guard]), rule.id


def _bare(name: str) -> tuple[dict[int, str], list[list[int]]]:
    """Names and clauses of a DIMACS file, read by nothing of ours."""
    names, clauses = {}, []
    for line in (FOLDER / f"{name}.dimacs").read_text().splitlines():
        if line.startswith("c "):
            _, number, feature = line.split(" ", 2)
            names[int(number)] = feature
        elif not line.startswith("p"):
            clauses.append([int(word) for word in line.split()[:-1]])
    return names, clauses


@pytest.mark.parametrize("file", ["berkeleydb.uvl", "berkeleydb.dimacs", "fs01-2017.dimacs"])
def test_few_designs_are_listed_one_by_one(file: str) -> None:
    _path(file)
    found = solutions(_read(file).model)
    assert found == {"berkeleydb": 32, "fs01-2017": 430}[Path(file).stem]


def test_the_largest_files_are_read_in_no_time() -> None:
    """In about half a second of an idle core; the limit only catches what grows too fast."""
    for kind in ("uvl", "dimacs"):
        path = _path(f"automotive01.{kind}")
        start = time.process_time()
        read_model(path)
        assert time.process_time() - start < 4
