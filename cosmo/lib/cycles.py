"""When the interpreter looks for objects that hold each other.

A full look goes through everything a process has loaded: the engines of a few products are half a
million objects, and the click during which it happens waits 300 ms. What stays for good is taken
out of it.
"""

import gc

YOUNG, MIDDLE, OLD = 20_000, 10, 10  # new objects before a look; looks before an older one

_is_serving = False


def serve() -> None:
    """From now on this process answers people: few looks, and none at what stays."""
    global _is_serving
    _is_serving = True
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    settle()


def settle() -> None:
    """Something large was loaded to stay. Only where somebody waits: a look costs 300 ms now."""
    if _is_serving:
        gc.unfreeze()  # what was dropped since the last time is found
        gc.collect()
        gc.freeze()
