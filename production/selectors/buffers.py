"""What is added to every promise because it was needed before."""

from production.models import Engineering


def buffer_min(engineering: Engineering) -> int:
    """Plant minutes by which units of this offer left later than planned, as far as is known.

    The plant's own ``promise_buffer_min`` comes on top; see ``Floor.promise_date``.
    """
    del engineering  # nothing is measured yet: promises are added up in the accuracy report first
    return 0
