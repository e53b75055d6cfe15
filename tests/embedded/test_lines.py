"""The demo simulates every line of every plant that was loaded, each with a key and memory."""

import pytest

from cosmo.embedded.demo_programs import choose_ports, line_programs
from cosmo.embedded.folders import DataFolder
from cosmo.management.commands.seed_demo import write_line_keys
from production.models import Line
from tests.factories.production import make_plant


@pytest.mark.django_db
def test_each_line_gets_a_program_with_its_own_key_port_and_memory(tmp_path):
    for code in ("yard", "shed"):
        make_plant(code=code)
    folder = DataFolder(tmp_path)
    assert write_line_keys(folder.lines) == 2
    programs = line_programs(folder, choose_ports())
    assert [program.name for program in programs] == ["shed-line-1", "yard-line-1"]
    words = [[str(word) for word in program.command] for program in programs]
    for option in ("--key-file", "--port", "--state"):
        assert len({one[one.index(option) + 1] for one in words}) == 2
    for one, code in zip(words, ("shed", "yard"), strict=True):
        key = (tmp_path / "lines" / f"{code}-line-1.key").read_text().strip()
        assert key == Line.objects.get(plant__code=code).key
        assert one[one.index("--key-file") + 1].endswith(f"lines/{code}-line-1.key")


def test_there_is_none_before_the_keys_are_written(tmp_path):
    assert line_programs(DataFolder(tmp_path), choose_ports()) == []
