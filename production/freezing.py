"""Answers the freeze port (cosmo/lib/ports.py) from what the line has begun."""

from production.lifecycle import LIVE_WORK_ORDER, OperationStatus
from production.models import Operation


class RoutingFreezePoints:
    """A feature is fixed once an operation that freezes it has started. One statement."""

    def frozen_features(self, *, unit_id: int) -> frozenset[str]:
        begun = Operation.objects.filter(
            work_order__unit_id=unit_id, work_order__status__in=LIVE_WORK_ORDER
        ).exclude(status=OperationStatus.PLANNED)
        return frozenset().union(*begun.values_list("freezes", flat=True))
