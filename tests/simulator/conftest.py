"""A fake platform and a line of this process that calls it."""

from collections.abc import Iterator

import pytest

from tests.simulator.calling import Caller
from tests.simulator.fake_platform import FakePlatform, listening
from tests.simulator.running import line_in_thread


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with listening(FakePlatform()) as one:
        yield one


@pytest.fixture(scope="module")
def refusing() -> Iterator[Caller]:
    """A line shared by the tests of a file that only see it refuse."""
    with listening(FakePlatform()) as platform, line_in_thread(platform) as one:
        yield one


@pytest.fixture
def caller(platform: FakePlatform) -> Iterator[Caller]:
    """The way to call a line without luck and faults."""
    with line_in_thread(platform) as one:
        yield one
