"""Answers kept by the choices they were given for: most shoppers walk the same first steps."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from .answer_table import Key, key_of
from .features import Choices

Answer = TypeVar("Answer")


class AnswerCache(Generic[Answer]):
    """The answers used last, at most ``room`` of them. Safe for threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, choices: Choices, answer: Callable[[], Answer]) -> Answer:
        """The answer for ``choices``; the order in which they were made does not matter."""
        key = key_of(choices.items())
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        found = answer()
        with self._lock:
            self._answers[key] = found
            while len(self._answers) > self._room:
                self._answers.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._answers)
