"""One thing that fails does not keep the rest waiting; the end of the time ends the sweep."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from cosmo.lib.sweeps import sweep


def test_the_others_are_done_and_the_failure_is_counted() -> None:
    done: list[int] = []

    def act(number: int) -> None:
        if number == 2:
            raise ValueError(number)
        done.append(number)

    assert sweep([1, 2, 3], act, what="test") == 1
    assert done == [1, 3]


def test_the_end_of_the_time_is_no_failure_of_the_thing() -> None:
    def act(_number: int) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        sweep([1], act, what="test")
