"""The one guard every status change goes through."""

from collections.abc import Mapping

from cosmo.lib.errors import Conflict, Sentence

Moves = Mapping[str, frozenset[str]]


def check_transition(*, what: str, moves: Moves, source: str, target: str) -> None:
    """Raise ``bad_transition`` unless ``moves`` lists the way from ``source`` to ``target``."""
    allowed = moves.get(source, frozenset())
    if target in allowed:
        return
    listed = ", ".join(sorted(allowed)) or "nothing: it is final"
    raise Conflict(
        "bad_transition",
        Sentence(
            "%(what)s is %(source)s and cannot become %(target)s. "
            "From here it may become %(allowed)s."
        ),
        what=what,
        source=source,
        target=target,
        allowed=listed,
    )
