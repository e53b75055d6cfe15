"""Two people at once: one of them is told, nothing happens twice."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cosmo.lib.errors import DomainError
from design.lifecycle import DraftStatus
from design.models import Draft, Offer, Product, Publication
from design.services.checking import ask_check, run_check
from design.services.drafts import save_draft
from design.services.publishing import ask_publication, publish_due
from tests.design.authoring.desk import check, make_draft, put_on_sale, rewrite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(tmp_path: Path) -> Draft:
    """A checked draft that makes the stool dearer."""
    put_on_sale(tmp_path / "stool")
    draft = rewrite(make_draft(), 'base: "100"', 'base: "120"')
    check(draft)
    return draft


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run all acts in threads that begin together; the code of each refusal, sorted."""
    codes: list[str] = []
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        begin.wait()
        try:
            act()
        except DomainError as error:
            codes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def ask(draft: Draft) -> Callable[[], Any]:
    return lambda: ask_publication(draft_id=draft.pk, version=draft.version, user=draft.author)


def test_two_publish_the_same_draft_at_once(ready: Draft) -> None:
    [code] = at_once(ask(ready), ask(ready))
    assert code in ("bad_transition", "draft_outdated")
    assert Publication.objects.filter(kind="draft").count() == 1
    assert Offer.objects.count() == 2


def test_two_publish_two_drafts_of_one_product_at_once(ready: Draft) -> None:
    other = rewrite(make_draft(), 'base: "100"', 'base: "130"')
    check(other)
    assert at_once(ask(ready), ask(other)) == ["draft_outdated"]
    assert Publication.objects.filter(kind="draft").count() == 1
    published = Draft.objects.get(status=DraftStatus.PUBLISHED)
    stool = Product.objects.select_related("published_offer").get()
    assert stool.published_offer is not None
    base = str(stool.published_offer.document["price"]["base"])
    assert f'base: "{base}"' in published.files["offer.yaml"]


def test_a_beat_that_ticks_twice_publishes_once(ready: Draft) -> None:
    Draft.objects.filter(pk=ready.pk).update(
        status=DraftStatus.SCHEDULED, publish_at="2020-01-01T00:00Z", asked_by=ready.author
    )
    due = lambda: publish_due(draft_id=ready.pk)  # noqa: E731 - one act, said twice
    assert at_once(due, due) == []
    assert Publication.objects.filter(kind="draft").count() == 1
    assert Draft.objects.get(pk=ready.pk).status == DraftStatus.PUBLISHED


def test_two_windows_save_at_once(ready: Draft) -> None:
    def save(text: str) -> Callable[[], Any]:
        return lambda: save_draft(
            draft_id=ready.pk,
            version=ready.version,
            editor=ready.author,
            files={"offer.yaml": text},
        )

    assert at_once(save("a: 1\n"), save("b: 2\n")) == ["draft_moved"]
    assert Draft.objects.get(pk=ready.pk).version == ready.version + 1


def test_two_workers_do_one_check_once(ready: Draft) -> None:
    asked = ask_check(draft_id=ready.pk)
    run = lambda: run_check(check_id=asked.pk)  # noqa: E731
    assert at_once(run, run, run) == []
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert asked.attempt == 1
