"""Taking part in a campaign, and the simulated bank's page for a word given."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError, NotFound, Sentence
from cosmo.lib.sentences import sentence_of
from design.selectors.shown_design import shown_design
from orders.campaign_forms import PledgeForm
from orders.forms import ContactForm
from orders.lifecycle import PledgeStatus
from orders.models import Pledge
from orders.payments.simulated_authorisations import access_authorisation, decide_authorisation
from orders.selectors.campaigns import access_campaign, view_campaign
from orders.selectors.papers import seller_zone
from orders.services.campaigns import close_campaign
from orders.services.pledges import settle_pledge, start_pledge, withdraw_pledge


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pledge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How many and where to; then the bank is asked, and nothing is charged."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    found = access_campaign(public_id)
    form = PledgeForm(request.POST or None, initial=_known_contact(user), campaign=found)
    if request.method == "POST" and form.is_valid():
        quantity = form.cleaned_data["quantity"]
        try:
            started = start_pledge(
                campaign_id=found.pk,
                user=user,
                quantity=quantity,
                contact=form.contact(),
                language=get_language() or "en",
            )
        except DomainError as refused:
            messages.warning(request, sentence_of(refused))
            return redirect("orders:campaign", public_id)
        if started is not None:
            return redirect(started.pay_url)
        return redirect("orders:campaign", public_id)
    facts = {
        "form": form,
        "view": view_campaign(found),
        "campaign": found,
        "design": shown_design(found.revision, title=found.title),
        "zone": seller_zone().key,
    }
    return render(request, "orders/campaign_pledge.html", facts, status=422 if form.errors else 200)


def _known_contact(user: User) -> dict[str, object]:
    last = user.orders.order_by("-id").first()
    known: dict[str, object] = {"quantity": 1, "email": user.email}
    if last is not None:
        known |= {name: getattr(last, name) for name in ContactForm.base_fields}
    known.setdefault("country", next(iter(settings.COSMO_SHIP_TO)))
    return known


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    withdraw_pledge(campaign_id=access_campaign(public_id).pk, user=user)
    messages.success(request, _("You do not take part any more. Nothing was taken."))
    return redirect("orders:campaign", public_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def authorise(request: HttpRequest, reference: str) -> HttpResponse:
    """The simulated bank's page: it knows an amount and a reference, nothing of the campaign."""
    asked = access_authorisation(reference)
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    found = Pledge.objects.select_related("campaign").filter(reference=reference, user=user)
    mine = found.first()
    if mine is None:
        raise NotFound("unknown_payment", Sentence("The provider knows no such payment."))
    if request.method != "POST":
        facts = {"asked": asked, "campaign": mine.campaign}
        return render(request, "orders/campaign_authorise.html", facts)
    decide_authorisation(reference=reference, choice=request.POST.get("choice", ""))
    settled = settle_pledge(pledge_id=mine.pk)
    if settled.status == PledgeStatus.COMMITTED:
        messages.success(request, _("You take part. Nothing was taken."))
        close_campaign(campaign_id=mine.campaign_id)
    elif settled.status == PledgeStatus.RELEASED:
        messages.warning(request, _("You do not take part: the bank did not agree, or too late."))
    return redirect("orders:campaign", mine.campaign.public_id)
