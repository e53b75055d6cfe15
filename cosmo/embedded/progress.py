"""What a person who started the demo reads."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 46


@dataclass(slots=True)
class Progress:
    """One line a step, with its seconds; sentences in between.

    Attributes:
        to: Standard output; standard error where the output is read by a program.
    """

    to: TextIO = field(default_factory=lambda: sys.stdout)

    def say(self, sentence: str = "") -> None:
        self.to.write(f"{sentence}\n")
        self.to.flush()

    def say_step(self, name: str, seconds: float) -> None:
        self.say(f"  {name} {'.' * (WIDTH - len(name))} {seconds:5.1f} s")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begin = time.monotonic()
        try:
            yield
        except BaseException:
            self.say(f"  {name} {'.' * (WIDTH - len(name))} failed")
            raise
        self.say_step(name, time.monotonic() - begin)
