"""Files of the literature to shops, strictly: a fault names its line and its value.

``jsp``: jobs machines; a job a line, ``machine minutes`` for each machine, machines from 0.
``fjsp``: jobs machines [mean]; a job a line: how many operations, then for each how many
alternatives and as many ``machine minutes``; machines from 0.
``sdst``: the same with machines from 1, then for each machine a square matrix of set-up minutes,
rows the operation before, columns the operation after, operations numbered through all jobs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cosmo.lib.errors import Invalid
from production.scheduling.instances.shop import Ints, Shop

FORMATS: Mapping[str, int] = {"jsp": 0, "fjsp": 0, "sdst": 1}
"""What each calls its first machine."""
MOST = 10**9
"""No number of an instance is above it; set-ups that must not be are written as a million."""

Options = tuple[tuple[int, int], ...]


def read_shop(path: Path, form: str) -> Shop:
    """The instance in a file.

    Raises:
        Invalid: the file cannot be read or is not of that format (``bad_instance``).
    """
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise Invalid(
            "bad_instance", f"{path} cannot be read: {error.strerror}. Name a file that exists."
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(
            "bad_instance",
            f"{path} is no text of numbers: byte {error.start} is {_byte(error)}.",
        ) from error
    return parse_shop(text, form, name=path.stem, source=str(path))


def _byte(error: UnicodeDecodeError) -> str:
    return hex(error.object[error.start])


def parse_shop(text: str, form: str, *, name: str = "shop", source: str = "text") -> Shop:
    """The instance in a text; see ``read_shop``."""
    lines = _Lines(source, _numbered(text))
    count, machines = lines.sizes(form)
    first = FORMATS[form]
    jobs = tuple(_job(lines.take(f"job {n}"), form, machines, first) for n in range(count))
    size = sum(len(job) for job in jobs)
    set_ups = _matrices(lines, machines, size) if form == "sdst" else None
    lines.end()
    return Shop(name, jobs, machines, first_machine=first, set_ups=set_ups)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


@dataclass(slots=True)
class _Line:
    """Numbers of one line, taken from the left."""

    source: str
    number: int
    words: list[str]
    at: int = 0

    def fault(self, sentence: str) -> Invalid:
        return Invalid("bad_instance", f"{self.source}, line {self.number}: {sentence}")

    def whole(self, what: str, least: int, most: int = MOST) -> int:
        if self.at >= len(self.words):
            raise self.fault(f"{what} is missing after {len(self.words)} numbers.")
        word = self.words[self.at]
        self.at += 1
        try:
            value = int(word) if word.lstrip("+-").isdigit() else int(float("nan"))
        except ValueError as error:
            raise self.fault(f"{what} is {word!r}; a whole number is needed.") from error
        if not least <= value <= most:
            raise self.fault(f"{what} is {value}; it must be {least} to {most}.")
        return value

    def end(self) -> None:
        if self.at < len(self.words):
            left = len(self.words) - self.at
            raise self.fault(
                f"{left} numbers too many, from {self.words[self.at]!r}, the {self.at + 1}th, on."
            )


@dataclass(slots=True)
class _Lines:
    source: str
    rest: Iterator[tuple[int, str]]
    last: int = field(default=0)

    def take(self, what: str) -> _Line:
        found = next(self.rest, None)
        if found is None:
            raise Invalid(
                "bad_instance", f"{self.source} ends after line {self.last}; {what} is missing."
            )
        self.last = found[0]
        return _Line(self.source, found[0], found[1].split())

    def sizes(self, form: str) -> tuple[int, int]:
        line = self.take("the first line with the number of jobs and machines")
        jobs = line.whole("the number of jobs", 1, 100_000)
        machines = line.whole("the number of machines", 1, 100_000)
        if form != "jsp" and line.at < len(line.words):
            line.at += 1  # the mean number of alternatives, which nobody needs
            try:
                float(line.words[line.at - 1])
            except ValueError as error:
                raise line.fault(
                    f"the mean number of alternatives is {line.words[line.at - 1]!r}."
                ) from error
        line.end()
        return jobs, machines

    def end(self) -> None:
        found = next(self.rest, None)
        if found is not None:
            raise Invalid(
                "bad_instance",
                f"{self.source}, line {found[0]}: nothing more is expected, but there is "
                f"{found[1].strip()[:40]!r}.",
            )


def _job(line: _Line, form: str, machines: int, first: int) -> tuple[Options, ...]:
    if form == "jsp":
        operations: tuple[Options, ...] = tuple(
            (_option(line, machines, first),) for _ in range(machines)
        )
    else:
        count = line.whole("the number of operations", 1, 100_000)
        operations = tuple(_options(line, machines, first) for _ in range(count))
    line.end()
    return operations


def _options(line: _Line, machines: int, first: int) -> Options:
    count = line.whole("the number of alternatives", 1, machines)
    options = tuple(_option(line, machines, first) for _ in range(count))
    able = [machine for machine, _ in options]
    if len(set(able)) < count:
        again = next(machine for machine in able if able.count(machine) > 1)
        raise line.fault(f"machine {again + first} stands twice among the alternatives.")
    return options


def _option(line: _Line, machines: int, first: int) -> tuple[int, int]:
    machine = line.whole("a machine", first, machines - 1 + first)
    return machine - first, line.whole("a duration", 0)


def _matrices(lines: _Lines, machines: int, size: int) -> Ints:
    table = np.zeros((machines, size, size), dtype=np.int64)
    for machine in range(machines):
        for before in range(size):
            line = lines.take(f"row {before + 1} of the set-ups of machine {machine + 1}")
            for after in range(size):
                table[machine, before, after] = line.whole("a set-up", 0)
            line.end()
    return table
