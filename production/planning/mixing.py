"""Mix rules of a plant's lines over the steps of a plan."""

from collections.abc import Mapping, Sequence

from cosmo.lib.expressions import Scope
from production.compile import scope_of_unit
from production.models import WorkOrder
from production.planning.ground import Ground
from production.scheduling.problem import MixRule
from production.scheduling.problem import Operation as Step
from production.selectors.open_work import OpenWorkOrder


def mix_rules_of(
    ground: Ground, centres: Sequence[str], steps: Sequence[Step], scopes: Mapping[int, Scope]
) -> tuple[MixRule, ...]:
    """One a rule of a line: the steps at its work centre whose unit counts. Places of ovens form
    no sequence and are left out.

    Args:
        centres: Work centre of each step.
        scopes: By job, the unit's choices.
    """
    rules = []
    ovens = ground.oven_of_lane()
    for rule in (rule for line in ground.floor.book.lines for rule in line.mix_rules):
        lanes = tuple(
            number
            for number, lane in enumerate(ground.lanes)
            if lane.work_centre == rule.work_centre and number not in ovens
        )
        members = frozenset(
            number
            for number, step in enumerate(steps)
            if centres[number] == rule.work_centre and rule.counts(scopes.get(step.job, {}))
        )
        if lanes:
            rules.append(MixRule(lanes, members, rule.at_most, rule.of, rule.id))
    return tuple(rules)


def scopes_of_work_orders(work_orders: Sequence[OpenWorkOrder | None]) -> dict[int, Scope]:
    """By position, what was chosen for the unit; one statement."""
    wanted = {order.pk: job for job, order in enumerate(work_orders) if order is not None}
    rows = WorkOrder.objects.filter(pk__in=wanted).select_related(
        "engineering__offer", "engineering__plant", "unit__line"
    )
    return {wanted[row.pk]: scope_of_unit(row.engineering, row.unit.line.selection) for row in rows}
