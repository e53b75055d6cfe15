"""Whether an expression of a document can be evaluated whatever is chosen."""

from collections.abc import Callable, Iterable
from itertools import product
from math import prod

from cosmo.lib.expressions import ExpressionError, Scope

from .combinations import answers, count_answers
from .model import Model

MAX_TRIED = 4_000


def first_fault(
    model: Model, names: Iterable[str], evaluate: Callable[[Scope], object]
) -> ExpressionError | None:
    """The first error ``evaluate`` raises over all combinations of the named features.

    Rules are ignored: an expression has to guard itself (``x != 'none' and x.mm > 3``). Beyond
    4,000 combinations nothing is tried and None is returned.
    """
    wanted = set(names)
    features = [feature for feature in model.features if feature.id in wanted]
    if prod(count_answers(feature) for feature in features) > MAX_TRIED:
        return None
    for combination in product(*(list(answers(feature)) for feature in features)):
        scope = {f.id: f.in_scope(v) for f, v in zip(features, combination, strict=True)}
        try:
            evaluate(scope)
        except ExpressionError as error:
            return error
    return None
