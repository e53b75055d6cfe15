"""Announcements. A wake-up call, never the record: a sweep finds what a lost one left undone."""

from django.dispatch import Signal

reports_stored = Signal()  # job: UUID
plan_asked = Signal()  # plant_id: int
capacity_held = Signal()  # order_id: int
