"""What was late teaches what to promise."""

import structlog

from production.models import Engineering
from production.selectors.accuracy import buffer_min

log = structlog.get_logger(__name__)


def learn_buffers() -> int:
    """Write the buffer of every engineering in use beside it, where it changed; how many.

    It stands in the row that every promise reads anyway, so a promise asks nothing more.
    """
    learnt = 0
    for engineering in Engineering.objects.filter(is_current=True).defer("document"):
        buffer = buffer_min(plant_id=engineering.plant_id, offer_id=engineering.offer_id)
        if buffer != engineering.learnt_buffer_min:
            Engineering.objects.filter(pk=engineering.pk).update(learnt_buffer_min=buffer)
            log.info("buffer_learnt", engineering=str(engineering), minutes=buffer)
            learnt += 1
    return learnt
