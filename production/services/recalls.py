"""Lines are told which jobs they need not make any more. Like sending: by row, lease and sweep."""

from datetime import timedelta

import structlog
from django.db.models import F, Q

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from production.lines.base import Command, LineRefuses, LineSilent, connector_of
from production.models import Recall
from production.services.dispatch import backoff

log = structlog.get_logger(__name__)
LONGEST_WAIT_S = 60.0
CALL_LASTS = timedelta(seconds=9)


def recalls_to_tell(*, limit: int = 50) -> list[int]:
    """Rows that are due. A job order on its way to the line comes first: no abort overtakes it."""
    now = real_now()
    return list(
        Recall.objects.filter(
            Q(work_order__sending_until=None) | Q(work_order__sending_until__lt=now),
            answered_at=None,
            next_at__lte=now,
        )
        .order_by("next_at", "id")
        .values_list("pk", flat=True)[:limit]
    )


def tell_recall(*, recall_id: int) -> bool:
    """Ask the line to abort a job; True once it has answered. Safe to repeat."""
    taken = Recall.objects.filter(pk=recall_id, answered_at=None, next_at__lte=real_now())
    if not taken.update(next_at=real_now() + CALL_LASTS):
        return False
    recall = Recall.objects.select_related("work_order__line").get(pk=recall_id)
    work_order = recall.work_order
    with chain(work_order.chain_id):
        try:
            connector_of(work_order.line).command(
                Command(
                    job=work_order.public_id,
                    verb="abort",
                    message=f"abort_{work_order.public_id}",
                    chain=work_order.chain_id,
                    body={},
                )
            )
        except LineRefuses as error:  # it does not know it, or has ended it: nothing to take back
            return _note(recall, error.code)
        except LineSilent as error:
            wait = backoff(recall.attempts, longest_s=LONGEST_WAIT_S)
            Recall.objects.filter(pk=recall.pk).update(
                attempts=F("attempts") + 1, next_at=real_now() + wait
            )
            log.warning("recall_unanswered", job=str(work_order.public_id), error=str(error))
            return False
        return _note(recall, "done")


def _note(recall: Recall, answer: str) -> bool:
    Recall.objects.filter(pk=recall.pk).update(answered_at=real_now(), answer=answer[:40])
    log.info("recall_answered", job=str(recall.work_order.public_id), answer=answer)
    return True
