"""Announcements. A wake-up call, never the record: a sweep finds what a lost one left undone."""

from django.dispatch import Signal

order_confirmed = Signal()  # order_id: int
order_cancelled = Signal()  # order_id: int
mail_queued = Signal()  # event_id: int
payment_open = Signal()  # payment_id: int
