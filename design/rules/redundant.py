"""Whether a rule does anything: the studio needs no rule that the others already imply."""

from collections.abc import Callable

from .loose import LooseRules
from .model import Model


def changes_count(model: Model, rule_id: str) -> bool:
    """Whether deleting the rule would allow a further design.

    True if some full design keeps every other rule and breaks this one; then, and only then, the
    number of designs differs with and without it.
    """
    return LooseRules(model).implied_by(rule_id) is None


def redundant_rules(
    rules: LooseRules, after_each: Callable[[], None] = lambda: None
) -> dict[str, tuple[str, ...]]:
    """Rules that say nothing new, each with the others that say it already; one solver for all.

    Each is meant by itself: of two rules that say the same, both are named, and one may go.
    """
    found = {}
    for name in rules.everything:
        implied_by = rules.implied_by(name)
        if implied_by is not None:
            found[name] = implied_by
        after_each()
    return found
