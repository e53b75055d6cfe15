"""The inbox: every report of a line is stored once, before anything follows from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from production.lifecycle import FINAL
from production.models import Line, LineReport, WorkOrder
from production.signals import reports_stored

EPOCH = re.compile(r"[A-Za-z0-9_-]{8,64}")
LARGEST_SEQ = 2_147_483_647


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """As it came; only who and which is known to be readable."""

    job: UUID
    epoch: str
    seq: int
    body: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, UUID, int]:
        return (self.epoch, self.job, self.seq)


def read_received(body: Any) -> ReceivedReport | None:
    """The report in ``body`` when it says which one it is; all else may be odd and is looked at
    when its turn comes.
    """
    if not isinstance(body, dict):
        return None
    job, epoch, seq = body.get("job"), body.get("epoch"), body.get("seq")
    if not (isinstance(job, str) and isinstance(epoch, str) and EPOCH.fullmatch(epoch)):
        return None
    if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= LARGEST_SEQ:
        return None
    try:
        return ReceivedReport(job=UUID(job), epoch=epoch, seq=seq, body=body)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Stored:
    stored: int
    duplicate: int


@transaction.atomic
def store_reports(*, line: Line, reports: Sequence[ReceivedReport]) -> Stored:
    """Store what is new; all of it or nothing. When this returns outermost, it is committed."""
    fresh = {report.key: report for report in reports}
    known = LineReport.objects.filter(line=line, job__in={report.job for report in reports})
    for key in known.values_list("epoch", "job", "seq"):
        fresh.pop(key, None)
    # Another request may store the same just now: then the database ignores ours, and the
    # count below is one too high, which nobody relies on.
    LineReport.objects.bulk_create(
        (
            LineReport(
                plant_id=line.plant_id,
                line=line,
                epoch=report.epoch,
                job=report.job,
                seq=report.seq,
                body=report.body,
            )
            for report in fresh.values()
        ),
        ignore_conflicts=True,
    )
    for job in {report.job for report in fresh.values()}:
        transaction.on_commit(partial(reports_stored.send_robust, sender=LineReport, job=job))
    return Stored(stored=len(fresh), duplicate=len(reports) - len(fresh))


def forget_followed(*, before: datetime, at_once: int = 5_000) -> int:
    """Delete reports dealt with before then, of work that is over; how many.

    A waiting report is never touched, nor is one that an inspection stands on: the passport shows
    it. A report that comes once more afterwards is known by its number (`services/reports.py`).
    """
    open_jobs = WorkOrder.objects.exclude(status__in=FINAL).values("public_id")
    old = LineReport.objects.filter(applied_at__lt=before, inspection=None).exclude(
        job__in=open_jobs
    )
    gone = 0
    while ids := list(old.order_by("id").values_list("pk", flat=True)[:at_once]):
        gone += LineReport.objects.filter(pk__in=ids).delete()[0]
    return gone
