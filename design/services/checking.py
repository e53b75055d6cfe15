"""Checking a draft in the background, step by step.

Each step is stored with its result before the next begins, so a worker that dies loses one step at
most, of the designs one batch. Whoever takes a check over counts its attempt up; a worker that was
believed dead and comes back cannot write any more.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from cosmo.lib.clock import real_now
from cosmo.lib.documents import PlacedProblem, in_order
from cosmo.lib.ports import FolderDocuments, FolderLook, engineering_desk
from design import signals
from design.compile import CompiledOffer, compiled_document
from design.drafting.difference import Contents, difference
from design.drafting.told import Told, told_findings, told_problems
from design.drafting.void import why_void
from design.lifecycle import CheckStep, DraftStatus
from design.models import DraftCheck, Publication
from design.rules.findings import findings
from design.services.catalogue import live_publication
from design.services.checked_designs import try_batch
from design.services.drafts import lock_draft, move, refuse_if_nothing
from design.services.reading import check_draft

LEASE = timedelta(seconds=30)
BREATH_S = 20.0  # after so long a worker hands on, so that others get their turn
RULES_FROM, COMPARE_FROM, DESIGNS_FROM = 10, 40, 45  # percent done before each step


@transaction.atomic
def ask_check(*, draft_id: int) -> DraftCheck:
    """Have the draft checked as it stands now; while it is being checked, that check is given.

    Raises:
        DomainError: there is nothing to check (``empty_draft``), or the draft is waiting,
            scheduled or over (``bad_transition``).
    """
    draft = lock_draft(draft_id)
    running = draft.checks.filter(finished_at=None).first()
    if running is not None:
        return running
    refuse_if_nothing(draft)
    move(draft, DraftStatus.CHECKING)
    draft.save(update_fields=["status", "changed_at"])
    check = DraftCheck.objects.create(
        draft=draft,
        draft_version=draft.version,
        live=live_publication(draft.product) if draft.product else None,
    )
    transaction.on_commit(
        partial(signals.check_asked.send_robust, sender=DraftCheck, check_id=check.pk)
    )
    return check


def waiting_checks() -> list[int]:
    """Checks nobody works on: not begun, handed on, or left behind by a worker that died."""
    free = Q(lease_until=None) | Q(lease_until__lt=real_now())
    found = DraftCheck.objects.filter(free, finished_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def run_check(*, check_id: int, breath_s: float = BREATH_S) -> bool:
    """Work on a check for a while; True when there is more to do. Safe to run twice at once."""
    hold = _take(check_id)
    if hold is None:
        return False
    try:
        return _work(hold, time.monotonic() + breath_s)
    except Overtaken:
        return False


class Overtaken(Exception):
    """The check was cancelled, or another worker has taken it over."""


@dataclass(slots=True)
class Hold:
    """A worker's right to write into a check."""

    check: DraftCheck
    attempt: int
    written_at: float = field(default_factory=time.monotonic)

    def write(self, **fields: Any) -> None:
        """Store fields and renew the lease.

        Raises:
            Overtaken: the right is gone; nothing is stored.
        """
        mine = DraftCheck.objects.filter(pk=self.check.pk, attempt=self.attempt, finished_at=None)
        if not mine.update(**{"lease_until": real_now() + LEASE, **fields}):
            raise Overtaken
        for name, value in fields.items():
            setattr(self.check, name, value)
        self.written_at = time.monotonic()

    def show(self, percent: int) -> None:
        """Store progress, but not more often than anybody looks."""
        if time.monotonic() - self.written_at > 0.5:
            self.write(percent=percent)


def _take(check_id: int) -> Hold | None:
    with transaction.atomic():
        check = (
            DraftCheck.objects.select_for_update(of=("self",), no_key=True)
            .select_related("draft", "live__offer", "live__texts")
            .filter(pk=check_id, finished_at=None)
            .first()
        )
        if check is None or (check.lease_until and check.lease_until > real_now()):
            return None
        check.attempt += 1
        check.lease_until = real_now() + LEASE
        check.save(update_fields=["attempt", "lease_until"])
    return Hold(check, check.attempt)


def _work(hold: Hold, until: float) -> bool:
    check = hold.check
    look = _read(hold)
    documents = look.documents
    if documents is None:
        told = [*told_problems(in_order(look.problems)), *why_void(check.draft.files)]
        hold.write(**_counted(told))
        _finish(hold)
        return False
    new = compiled_document(documents.offer.content_hash, documents.offer.content)
    if check.step == CheckStep.READ:
        hold.write(step=CheckStep.RULES, percent=RULES_FROM)
    if check.step == CheckStep.RULES:
        _look_at_rules(hold, look.problems, documents, new)
    if check.step == CheckStep.COMPARE:
        _compare(hold, documents)
    while check.step == CheckStep.DESIGNS:
        if _try_designs(hold, new):
            _finish(hold)
        elif time.monotonic() > until:
            hold.write(lease_until=None)
            return True
    return False


def _read(hold: Hold) -> FolderLook:
    draft = hold.check.draft
    if draft.version != hold.check.draft_version:
        raise Overtaken
    return check_draft(draft)


def _counted(told: list[Told]) -> dict[str, Any]:
    return {
        "findings": [one.as_json() for one in told],
        "fault_count": sum(one.severity == "fault" for one in told),
        "warning_count": sum(one.severity == "warning" for one in told),
    }


def _look_at_rules(
    hold: Hold, problems: Iterable[PlacedProblem], documents: FolderDocuments, new: CompiledOffer
) -> None:
    """Faults of the documents that leave them usable, and what the rules come to."""

    def show(done: int, of: int) -> None:
        hold.show(RULES_FROM + (COMPARE_FROM - RULES_FROM) * done // of)

    found = findings(new.model, show)
    told = [
        *told_problems(in_order(problems)),
        *told_findings(documents.offer, new.model, found),
    ]
    hold.write(step=CheckStep.COMPARE, percent=COMPARE_FROM, **_counted(told))


def _compare(hold: Hold, documents: FolderDocuments) -> None:
    live = hold.check.live
    changes = difference(_contents_of(live), _contents(documents)) if live else ()
    hold.write(
        step=CheckStep.DESIGNS,
        percent=DESIGNS_FROM,
        difference=[change.as_json() for change in changes],
    )


def _contents_of(live: Publication) -> Contents:
    engineering = engineering_desk().current_document(offer_id=live.offer_id)
    return Contents(live.offer.document, live.texts.document, engineering or {})


def _contents(documents: FolderDocuments) -> Contents:
    texts = {language: text.content for language, text in documents.texts.items()}
    return Contents(documents.offer.content, texts, documents.engineering.content)


def _try_designs(hold: Hold, new: CompiledOffer) -> bool:
    """One batch of saved designs; True when it was the last."""
    check = hold.check
    if check.live is None:
        return True
    batch = try_batch(check, new)
    if batch is None:
        return True
    with transaction.atomic():
        done = batch.counts["unchanged"] + batch.counts["price"] + batch.counts["repair"]
        share = done / max(batch.counts["total"], done)
        hold.write(
            cursor=batch.cursor,
            designs=batch.counts,
            percent=DESIGNS_FROM + int((99 - DESIGNS_FROM) * share),
        )
        batch.store()
    return False


@transaction.atomic
def _finish(hold: Hold) -> None:
    draft = lock_draft(hold.check.draft_id)
    hold.write(step=CheckStep.DONE, percent=100, finished_at=real_now(), lease_until=None)
    if draft.version == hold.check.draft_version and draft.status == DraftStatus.CHECKING:
        move(draft, DraftStatus.CHECKED)
        draft.save(update_fields=["status", "changed_at"])
