"""Every import contract fires: each is broken once in a copy of the tree."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cosmo.embedded.folders import CHECKOUT

ROOMS = ("cosmo", "design", "orders", "production", "simulator", "journey")
# Contract: the module that breaks it and what it imports. One copy of the tree carries them all.
OFFENCES = {
    "apps": ("design.services.offence", "orders.totals"),
    "faces": ("orders.services.offence", "cosmo.urls"),
    "pure": ("design.rules.offence", "django.db"),
    "pure-apps": ("production.engineering.offence", "design.rules"),
    "inside": ("orders.services.offence_upwards", "orders.views"),
    "background": ("orders.selectors.offence", "orders.tasks"),
    "checker": ("production.scheduling.check", "production.scheduling.gaps"),
    "strangers": ("simulator.offence", "production.scheduling.problem"),
    "apart": ("journey.offence", "simulator.clock"),
    "embedded": ("cosmo.embedded.offence", "django.conf"),
    "cycles": ("cosmo.lib.offence", "cosmo.accounts.models"),
}
TOLD_AS = {"cycles": "No cycles are allowed in cosmo."}  # it names rooms, not modules


def contracts() -> dict[str, str]:
    """Id -> name of every contract."""
    parser = configparser.ConfigParser()
    parser.read(CHECKOUT / ".importlinter")
    mark = "importlinter:contract:"
    return {
        section.removeprefix(mark): parser[section]["name"]
        for section in parser.sections()
        if section.startswith(mark)
    }


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy that breaks every contract."""
    copy = tmp_path_factory.mktemp("offending")
    for room in ROOMS:
        shutil.copytree(
            CHECKOUT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    shutil.copy(CHECKOUT / ".importlinter", copy)
    for module, imported in OFFENCES.values():
        path = copy / (module.replace(".", "/") + ".py")
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{before}\nimport {imported}\n")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "NO_COLOR": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_has_an_offence_that_breaks_it():
    assert set(contracts()) == set(OFFENCES)


@pytest.mark.parametrize("contract", OFFENCES)
def test_contract_fires(verdict, contract):
    module, _ = OFFENCES[contract]
    name = contracts()[contract]
    assert f"{name} BROKEN" in verdict
    told = verdict.partition("Broken contracts")[2].partition(f"\n{name}\n")[2]
    assert TOLD_AS.get(contract, module) in told


def test_the_checker_may_know_only_the_problem():
    """A new module of the engine has to enter the contract before the checker could lean on it."""
    parser = configparser.ConfigParser()
    parser.read(CHECKOUT / ".importlinter")
    listed = set(parser["importlinter:contract:checker"]["forbidden_modules"].split())
    package = CHECKOUT / "production" / "scheduling"
    there = {
        f"production.scheduling.{path.relative_to(package).with_suffix('').parts[0]}"
        for path in package.rglob("*.py")
        if path.name != "__init__.py" or path.parent != package
    }
    may_know = {f"production.scheduling.{name}" for name in ("problem", "parts", "check")}
    assert listed == there - may_know


def test_no_file_is_larger_than_a_room():
    """Over 500 lines it is usually two.

    Loops that are compiled together stay in one file: numba looks for changes nowhere else.
    """
    compiled_together = {
        "production/scheduling/core.py": 950,
        "design/rules/propagation/kernel.py": 600,
    }
    sizes = {
        str(path.relative_to(CHECKOUT)): len(path.read_text(encoding="utf-8").splitlines())
        for room in ROOMS
        for path in Path(CHECKOUT, room).rglob("*.py")
        if path.parent.name != "migrations"  # written by a program
    }
    too_large = {n: size for n, size in sizes.items() if size > compiled_together.get(n, 500)}
    assert too_large == {}
