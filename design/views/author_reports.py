"""What a draft would change: the difference, the saved designs, the words, many prices at once."""

from decimal import Decimal, InvalidOperation
from typing import Any, get_args
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosmo.accounts.staff import for_roles
from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError, Invalid, Sentence
from cosmo.lib.sentences import sentence_of
from design.drafting import prices
from design.drafting.files import OFFER
from design.drafting.prices import BASE, EVERYTHING, Raise, Repriced, Rounding
from design.models import DesignEffect, Draft
from design.selectors.authoring import AUTHORS
from design.selectors.change_names import NOTHING, Names
from design.selectors.draft_page import DraftState
from design.selectors.draft_words import language_statuses
from design.selectors.drafts import access_draft
from design.selectors.finding_words import said_changes
from design.selectors.texts import texts_among, texts_in
from design.services.drafts import save_draft
from design.services.reading import look_at_draft
from design.views.author_drafts import number_in, signed_in, state_of

PAGE = 50


@for_roles(*AUTHORS)
@require_safe
def difference(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    state = state_of(request, found)
    kind = request.GET.get("kind", "")
    names = _names(found, state)
    page = _effects(request, state, kind)
    facts = {
        **_facts(found, state, "difference"),
        "groups": said_changes(state.check, names) if state.check else [],
        "page": page,
        "effects": [(one, _repair(one, names)) for one in page or ()],
        "kind": kind,
        "currency": _currency(found),
    }
    return render(request, "design/author_difference.html", facts)


def _names(draft: Draft, state: DraftState) -> Names:
    """Words of the draft as far as it can be read, and of what it was compared with."""
    language = get_language() or "en"
    live = state.check.live if state.check else None
    try:
        documents = look_at_draft(draft).texts
    except CatalogueInvalid:
        documents = {}
    return Names(
        texts_among({code: text.content for code, text in documents.items()}, language),
        texts_in(live.texts, language) if live else NOTHING.old,
    )


def _repair(effect: DesignEffect, names: Names) -> list[tuple[str, str | None, str | None]]:
    return [
        (names.feature(feature), names.answer(feature, before), names.answer(feature, after))
        for feature, before, after in effect.repair
    ]


def _currency(draft: Draft) -> str:
    """Of what is published: the currency in which designs were priced before."""
    offer = draft.product.published_offer if draft.product else None
    return str(offer.document["currency"]) if offer else "EUR"


def _effects(request: HttpRequest, state: DraftState, kind: str) -> Any:
    if state.check is None:
        return None
    rows = (
        state.check.effects.select_related("revision__design")
        .only(
            "kind",
            "old_total",
            "new_total",
            "repair",
            "rules",
            "draft_check",
            "revision__number",
            "revision__design__code",
            "revision__design__name",
        )
        .order_by("-kind", "pk")
    )
    if kind in DesignEffect.Kind.values:
        rows = rows.filter(kind=kind)
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _facts(draft: Draft, state: DraftState, tab: str) -> dict[str, Any]:
    return {"draft": draft, "state": state, "tab": tab}


@for_roles(*AUTHORS)
@require_safe
def words(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    facts = {
        **_facts(found, state_of(request, found), "words"),
        "languages": language_statuses(found.files),
    }
    return render(request, "design/author_words.html", facts)


@for_roles(*AUTHORS)
@require_http_methods(["GET", "HEAD", "POST"])
def many_prices(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET shows amounts before and after, POST writes them into the draft."""
    found = access_draft(request.user, public_id)
    sent = request.POST if request.method == "POST" else request.GET
    facts: dict[str, Any] = {**_facts(found, state_of(request, found), "prices"), "sent": sent}
    try:
        offer = look_at_draft(found).offer.content
    except CatalogueInvalid as error:
        return render(request, "design/author_prices.html", {**facts, "unreadable": error})
    facts |= {"targets": prices.price_targets(offer), "currency": offer["currency"]}
    if "target" not in sent:
        return render(request, "design/author_prices.html", facts)
    try:
        target, change = _change(sent, facts["targets"])
        result = prices.reprice(found.files[OFFER], offer, target, change)
        if request.method == "POST":
            return _write(request, found, result)
    except DomainError as error:
        facts |= {"refused": error, "said": sentence_of(error)}
        return render(request, "design/author_prices.html", facts, status=error.status)
    return render(request, "design/author_prices.html", {**facts, "result": result})


def _write(request: HttpRequest, draft: Draft, result: Repriced) -> HttpResponse:
    version = number_in(request.POST.get("version", ""))
    save_draft(
        draft_id=draft.pk, version=version, editor=signed_in(request), files={OFFER: result.text}
    )
    messages.success(request, _("The new amounts stand in the draft."))
    return redirect("design:draft", draft.public_id)


def _change(sent: Any, targets: tuple[str, ...]) -> tuple[str, Raise]:
    target = sent.get("target", "")
    if target not in (BASE, EVERYTHING, *targets):
        raise Invalid("unknown_target", f"There is no price of '{target[:40]}'.")
    rounding = sent.get("rounding", "whole")
    if rounding not in get_args(Rounding):
        raise Invalid("unknown_rounding", f"Amounts cannot be rounded to '{rounding[:20]}'.")
    return target, Raise(
        percent=_decimal(sent.get("percent", ""), limit=90),
        added=_decimal(sent.get("added", ""), limit=100_000),
        rounding=rounding,
    )


def _decimal(text: str, *, limit: int) -> Decimal:
    if not text.strip():
        return Decimal(0)
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > limit:
        raise Invalid(
            "bad_number",
            Sentence("“%(value)s” is no number from -%(limit)s to %(limit)s."),
            value=text[:20],
            limit=limit,
        )
    return number
