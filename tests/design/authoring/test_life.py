"""From a draft to what customers meet, and back."""

from datetime import timedelta
from pathlib import Path

import pytest

from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.transitions import check_transition
from design.lifecycle import DRAFT_MOVES, DraftStatus
from design.models import Design, Draft, Offer, Product, Publication
from design.services.checking import ask_check
from design.services.drafts import discard_draft, save_draft, start_draft
from design.services.publishing import (
    ask_publication,
    due_drafts,
    hold_back,
    publish_due,
    roll_back,
    sign_off,
)
from production.models import Engineering
from tests.design.authoring.desk import (
    check,
    make_draft,
    make_person,
    put_on_sale,
    rewrite,
    stool_files,
)
from tests.factories.production import make_factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stool(tmp_path: Path) -> Product:
    put_on_sale(tmp_path / "stool")
    return Product.objects.get(slug="stool")


def base_price(product: Product) -> str:
    product.refresh_from_db()
    assert product.published_offer is not None
    return str(product.published_offer.document["price"]["base"])


def ready(draft: Draft | None = None) -> Draft:
    """A draft that makes the stool dearer, checked."""
    changed = rewrite(draft or make_draft(), 'base: "100"', 'base: "120"')
    assert check(changed).fault_count == 0
    return changed


def publish(draft: Draft, **more: object) -> Draft:
    return ask_publication(
        draft_id=draft.pk,
        version=draft.version,
        user=draft.author,
        **more,  # type: ignore[arg-type]
    )


def test_all_moves_that_are_not_listed_are_refused() -> None:
    for source in DraftStatus.values:
        for target in DraftStatus.values:
            if target in DRAFT_MOVES.get(source, frozenset()):
                check_transition(what="x", moves=DRAFT_MOVES, source=source, target=target)
                continue
            with pytest.raises(DomainError) as refused:
                check_transition(what="x", moves=DRAFT_MOVES, source=source, target=target)
            assert refused.value.code == "bad_transition"


def test_a_draft_starts_with_the_files_as_they_were_written(stool: Product) -> None:
    assert make_draft().files == stool_files()


def test_a_checked_draft_is_published_whole(stool: Product) -> None:
    draft = publish(ready())
    assert draft.status == DraftStatus.PUBLISHED
    assert base_price(stool) == "120"
    live = Publication.objects.latest("pk")
    assert (live.kind, live.draft, live.published_by) == ("draft", draft, draft.author)
    assert live.files == draft.files
    engineering = Engineering.objects.get(offer=stool.published_offer)
    assert engineering.is_current


def test_an_edited_draft_has_to_be_checked_again(stool: Product) -> None:
    draft = rewrite(ready(), 'base: "120"', 'base: "130"')
    assert draft.status == DraftStatus.DRAFT
    with pytest.raises(DomainError) as refused:
        publish(draft)
    assert refused.value.code == "not_checked"
    assert base_price(stool) == "100"


def test_a_draft_with_faults_is_not_published(stool: Product) -> None:
    draft = rewrite(make_draft(), "size.mm", "size.nm")
    assert check(draft).fault_count > 0
    with pytest.raises(DomainError) as refused:
        publish(draft)
    assert refused.value.code == "draft_has_faults"
    assert Offer.objects.count() == 1


def test_the_older_of_two_windows_is_refused_and_changes_nothing(stool: Product) -> None:
    draft = make_draft()
    older = draft.version
    newer = rewrite(draft, 'base: "100"', 'base: "120"')
    with pytest.raises(DomainError) as refused:
        save_draft(draft_id=draft.pk, version=older, editor=draft.author, files={"offer.yaml": "x"})
    assert refused.value.code == "draft_moved"
    assert Draft.objects.get().files == newer.files


def test_what_others_published_meanwhile_has_to_be_looked_at_first(stool: Product) -> None:
    mine, other = ready(), ready()
    publish(other)
    with pytest.raises(DomainError) as refused:
        publish(mine)
    assert refused.value.code == "draft_outdated"
    assert Publication.objects.filter(kind="draft").count() == 1


def test_publishing_at_a_time_waits_for_it_and_happens_once(stool: Product) -> None:
    draft = publish(ready(), at=real_now() + timedelta(hours=1))
    assert (draft.status, due_drafts(), base_price(stool)) == (DraftStatus.SCHEDULED, [], "100")
    Draft.objects.update(publish_at=real_now() - timedelta(seconds=1))
    assert due_drafts() == [draft.pk]
    publish_due(draft_id=draft.pk)
    publish_due(draft_id=draft.pk)
    assert (due_drafts(), base_price(stool)) == ([], "120")
    assert Publication.objects.filter(kind="draft").count() == 1


def test_a_time_that_is_past_is_refused(stool: Product) -> None:
    with pytest.raises(DomainError) as refused:
        publish(ready(), at=real_now() - timedelta(minutes=1))
    assert refused.value.code == "time_is_past"


def test_a_scheduled_draft_that_grew_old_is_held_back_with_the_reason(stool: Product) -> None:
    scheduled = publish(ready(), at=real_now() + timedelta(hours=1))
    publish(ready())
    Draft.objects.filter(pk=scheduled.pk).update(publish_at=real_now() - timedelta(seconds=1))
    publish_due(draft_id=scheduled.pk)
    scheduled.refresh_from_db()
    assert scheduled.status == DraftStatus.CHECKED
    assert "published by somebody else" in scheduled.refusal
    assert due_drafts() == []


def test_editing_or_holding_back_takes_a_schedule_away(stool: Product) -> None:
    later = real_now() + timedelta(hours=1)
    held = hold_back(draft_id=publish(ready(), at=later).pk)
    edited = rewrite(publish(ready(), at=later), 'base: "120"', 'base: "130"')
    assert (held.status, held.publish_at) == (DraftStatus.CHECKED, None)
    assert (edited.status, edited.publish_at) == (DraftStatus.DRAFT, None)


def test_with_sign_off_a_second_person_publishes(stool: Product) -> None:
    Product.objects.update(needs_sign_off=True)
    draft = publish(ready())
    assert (draft.status, base_price(stool)) == (DraftStatus.AWAITING, "100")
    grace = make_person("grace")
    signed = sign_off(draft_id=draft.pk, user=grace)
    assert (signed.status, base_price(stool)) == (DraftStatus.PUBLISHED, "120")
    live = Publication.objects.latest("pk")
    assert (live.published_by, live.signed_off_by) == (draft.author, grace)


def test_nobody_signs_what_they_wrote_or_asked_for(stool: Product) -> None:
    Product.objects.update(needs_sign_off=True)
    draft = ready()
    grace, linus = make_person("grace"), make_person("linus")
    draft = save_draft(
        draft_id=draft.pk, version=draft.version, editor=grace,
        files={"offer.yaml": draft.files["offer.yaml"] + "# more\n"},
    )  # fmt: skip
    check(draft)
    ask_publication(draft_id=draft.pk, version=draft.version, user=linus)
    for person in (draft.author, grace, linus):
        with pytest.raises(DomainError) as refused:
            sign_off(draft_id=draft.pk, user=person)
        assert refused.value.code == "same_person"
    assert base_price(stool) == "100"
    sign_off(draft_id=draft.pk, user=make_person("edsger"))
    assert base_price(stool) == "120"


def test_sign_off_for_a_time_schedules(stool: Product) -> None:
    Product.objects.update(needs_sign_off=True)
    draft = publish(ready(), at=real_now() + timedelta(hours=1))
    assert draft.status == DraftStatus.AWAITING
    signed = sign_off(draft_id=draft.pk, user=make_person("grace"))
    assert (signed.status, base_price(stool)) == (DraftStatus.SCHEDULED, "100")
    with pytest.raises(DomainError) as refused:
        sign_off(draft_id=draft.pk, user=make_person("linus"))
    assert refused.value.code == "nothing_to_sign"


def test_sign_off_switched_on_later_stops_what_is_scheduled(stool: Product) -> None:
    draft = publish(ready(), at=real_now() + timedelta(hours=1))
    Product.objects.update(needs_sign_off=True)
    Draft.objects.update(publish_at=real_now() - timedelta(seconds=1))
    publish_due(draft_id=draft.pk)
    draft.refresh_from_db()
    assert (draft.status, base_price(stool)) == (DraftStatus.CHECKED, "100")
    assert "second person" in draft.refusal


def test_rolling_back_brings_the_former_offer_and_engineering_and_touches_no_design(
    stool: Product,
) -> None:
    first = Publication.objects.get()
    draft = rewrite(make_draft(), 'base: "100"', 'base: "120"')
    draft = (
        rewrite(draft, "duration_min: 45", "duration_min: 50", "engineering.yaml")
        if ("duration_min: 45" in draft.files["engineering.yaml"])
        else rewrite(draft, 'duration_min: "45"', 'duration_min: "50"', "engineering.yaml")
    )
    check(draft)
    publish(draft)
    designs = list(Design.objects.values_list("pk", flat=True))
    back = roll_back(publication_id=first.pk, user=make_person("grace", Role.ADMINISTRATOR))
    assert (back.kind, back.rolled_back_to, base_price(stool)) == ("rolled_back", first, "100")
    current = Engineering.objects.get(offer=first.offer, is_current=True)
    assert current.document["routing"][1]["duration_min"] == "45"
    assert list(Design.objects.values_list("pk", flat=True)) == designs
    with pytest.raises(DomainError) as refused:
        roll_back(publication_id=back.pk, user=draft.author)
    assert refused.value.code == "already_live"


def test_a_new_product_comes_to_life_from_a_draft(tmp_path: Path) -> None:
    put_on_sale(tmp_path / "stool")  # brings the plant
    ada = make_person("ada")
    files = {
        name: text.replace("stool", "bench").replace("9521234500025", "9521234500056")
        for name, text in stool_files().items()
    }
    draft = start_draft(organisation=make_factory(), author=ada, slug="bench", files=files)
    assert check(draft).fault_count == 0, draft.checks.get().findings
    publish(draft)
    bench = Product.objects.get(slug="bench")
    assert bench.published_offer is not None
    assert Draft.objects.get(pk=draft.pk).product == bench


def test_a_new_product_starts_as_a_small_whole_one(stool: Product) -> None:
    draft = start_draft(organisation=make_factory(), author=make_person("ada"), slug="tea-cart")
    assert list(draft.files) == ["offer.yaml", "engineering.yaml", "texts/en.yaml"]
    found = check(draft)
    assert (found.fault_count, found.warning_count, found.findings) == (0, 0, [])
    publish(draft)
    cart = Product.objects.get(slug="tea-cart")
    assert (base_price(cart), cart.gtin == stool.gtin) == ("100", False)
    assert cart.gtin.startswith("952")
    made = Engineering.objects.get(offer=cart.published_offer)
    assert made.plant.code == Engineering.objects.get(offer=stool.published_offer).plant.code


def test_without_any_product_it_says_which_plant_is_missing(db: None) -> None:
    draft = start_draft(organisation=make_factory(), author=make_person("ada"), slug="cart")
    [row] = check(draft).findings
    assert (row["code"], row["file"]) == ("unknown_plant", "engineering.yaml")


def test_a_draft_for_a_product_of_somebody_else_is_refused(stool: Product) -> None:
    stranger = make_person("eve", slug="elsewhere")
    with pytest.raises(DomainError) as refused:
        start_draft(organisation=make_factory("elsewhere"), author=stranger, slug="stool")
    assert refused.value.code == "product_taken"


def test_a_discarded_draft_stays_so(stool: Product) -> None:
    draft = ready()
    discard_draft(draft_id=draft.pk)
    for act in (
        lambda: rewrite(draft, 'base: "120"', 'base: "130"'),
        lambda: ask_check(draft_id=draft.pk),
        lambda: discard_draft(draft_id=draft.pk),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "bad_transition"
