"""One web worker a core, each at an address of its own, and the front knows them all."""

from pathlib import Path

from cosmo.embedded.demo_programs import choose_ports, demo_environment, web_programs
from cosmo.embedded.folders import DataFolder


def test_the_front_is_told_of_every_web_worker(tmp_path: Path) -> None:
    ports = choose_ports(wanted=0)
    programs = {one.name: one for one in web_programs(ports)}
    told = demo_environment(DataFolder(tmp_path), ports, factor="1")["COSMO_WEB"].split()
    workers = [one for name, one in programs.items() if name.startswith("web")]
    assert len(workers) == len(ports.web) == len(set(ports.web)) >= 1
    assert told == [f"127.0.0.1:{one.command[one.command.index('--port') + 1]}" for one in workers]
