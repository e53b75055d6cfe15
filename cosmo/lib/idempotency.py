"""How long an answer to a repeatable write is kept."""

from datetime import timedelta

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.models import IdempotencyKey

KEPT = timedelta(hours=24)
AT_ONCE = 5_000  # rows of one sweep; the next one takes the rest


def forget_answers() -> int:
    """Delete answers older than ``KEPT``; those in use right now wait for the next sweep."""
    old = IdempotencyKey.objects.filter(created_at__lt=real_now() - KEPT).order_by("created_at")
    with transaction.atomic():
        free = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE]
        return IdempotencyKey.objects.filter(pk__in=list(free)).delete()[0]
