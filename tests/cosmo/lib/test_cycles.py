"""A process that answers people does not look through what it has loaded to stay."""

import gc
import subprocess
import sys

CHILD = """
import gc
from cosmo.lib import cycles

class Node:
    pass

def ring():
    one, other = Node(), Node()
    one.other, other.one = other, one
    return one

kept = [ring() for _ in range(1000)]
cycles.settle()
print(gc.get_freeze_count())                    # a process that serves nobody is left alone
cycles.serve()
print(gc.get_freeze_count() > 2000, gc.get_threshold()[0] > 700)
kept.clear()
cycles.settle()                                 # what was dropped meanwhile is found all the same
print(sum(isinstance(one, Node) for one in gc.get_objects()), gc.get_freeze_count() > 2000)
"""


def test_what_stays_is_not_looked_at_and_what_goes_is_found() -> None:
    ran = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "True", "True", "0", "True"]


def test_the_tests_themselves_are_left_alone() -> None:
    assert gc.get_freeze_count() == 0
