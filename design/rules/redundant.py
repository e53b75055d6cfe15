"""Whether a rule does anything: the studio needs no rule that the others already imply."""

from .clauses import Clauses
from .encoding import encode
from .model import Model
from .solver import Solver
from .translate import Translator


def changes_count(model: Model, rule_id: str) -> bool:
    """Whether deleting the rule would allow a further design.

    True if some full design keeps every other rule and breaks this one; then, and only then, the
    number of designs differs with and without it.
    """
    encoding = encode(model.features, model.rules, model.structure)
    rule = next(rule for rule in model.rules if rule.id == rule_id)
    others = [selector for name, selector in encoding.rules.items() if name != rule_id]
    top = max(abs(literal) for row in (*encoding.clauses, others, (0,)) for literal in row)
    broken = Clauses(first_free=max(top, encoding.rules[rule_id]) + 1)
    broken.require(Translator(model.by_id, encoding.variables).broken(rule))
    solver = Solver([*encoding.clauses, *broken.rows], others, width=0)
    return solver.find(()) is not None
