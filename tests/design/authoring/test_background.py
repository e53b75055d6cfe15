"""What happens without anybody looking: hints after commit, sweeps, publications that are due."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cosmo.lib.clock import real_now
from design import tasks
from design.lifecycle import DraftStatus
from design.models import Draft, DraftCheck, Publication
from design.services.checking import ask_check
from design.services.publishing import ask_publication
from tests.design.authoring.desk import check, make_draft, put_on_sale, rewrite

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    put_on_sale(tmp_path / "stool")
    return rewrite(make_draft(), 'base: "100"', 'base: "120"')


def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What would reach the broker."""
    hints: list[tuple[str, int]] = []
    for room in ("design.tasks", "design.receivers"):
        monkeypatch.setattr(f"{room}.send_hint", lambda task, key: hints.append((task.name, key)))
    return hints


def test_asking_for_a_check_wakes_a_worker_after_commit(
    draft: Draft, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hints = sent(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask_check(draft_id=draft.pk)
        assert hints == []
    assert hints == [("design.check_draft", asked.pk)]


def test_the_sweep_finds_a_check_whose_hint_was_lost(
    draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = sent(monkeypatch)
    asked = ask_check(draft_id=draft.pk)
    tasks.check_waiting_drafts()
    assert hints == [("design.check_draft", asked.pk)]
    tasks.check_draft(asked.pk)
    tasks.check_draft(asked.pk)  # a second message finds nothing to do
    tasks.check_waiting_drafts()
    assert hints == [("design.check_draft", asked.pk)]
    assert DraftCheck.objects.get().attempt == 1
    assert Draft.objects.get().status == DraftStatus.CHECKED


def test_what_is_due_is_published_by_the_beat(draft: Draft) -> None:
    check(draft)
    later = real_now() + timedelta(hours=1)
    ask_publication(draft_id=draft.pk, version=draft.version, user=draft.author, at=later)
    tasks.publish_due_drafts()
    assert not Publication.objects.filter(draft=draft).exists()
    Draft.objects.update(publish_at=real_now())
    tasks.publish_due_drafts()
    tasks.publish_due_drafts()
    assert Publication.objects.get(draft=draft).published_by == draft.author
