"""Taking one's data along, and leaving."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.sentences import sentence_of
from orders.account_forms import CloseForm
from orders.selectors.export import export_zip
from orders.services.closing import THINK_AGAIN, ask_to_close, keep_account, what_runs


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    return _page(request, CloseForm())


def _page(
    request: HttpRequest, form: CloseForm, refusal: str = "", status: int = 200
) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    facts = {
        "form": form,
        "refusal": refusal,
        "running": what_runs(request.user),
        "closes_at": request.user.closes_at,
        "days": THINK_AGAIN.days,
    }
    return render(request, "account/my_data.html", facts, status=status)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything in one file, written while they wait: a person has few rows."""
    assert isinstance(request.user, User)  # noqa: S101
    response = HttpResponse(export_zip(request.user), content_type="application/zip")
    name = f"cosmo-my-data-{real_now():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        ask_to_close(user_id=request.user.pk, password=form.cleaned_data["password"])
    except DomainError as refusal:
        return _page(request, CloseForm(), sentence_of(refusal), status=refusal.status)
    logout(request)
    messages.success(
        request,
        _("Your account closes in %(days)s days. Sign in before to keep it.")
        % {"days": THINK_AGAIN.days},
    )
    return redirect("home")


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    keep_account(user_id=request.user.pk)
    messages.success(request, _("Your account stays."))
    return redirect("account:my-data")
