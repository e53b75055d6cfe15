"""Own designs: found again, named, removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.lib.errors import NotFound, Sentence
from design.models import Design
from design.services.forgetting import forget_design
from orders.selectors.account import design_card, newest_of

PAGE_SIZE = 12


@never_cache
@login_required
@require_safe
def designs(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    page = Paginator(newest_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = [design_card(revision) for revision in page]
    return render(request, "account/designs.html", {"page": page, "cards": cards})


@login_required
@require_POST
def rename(request: HttpRequest, code: str) -> HttpResponse:
    name = " ".join(request.POST.get("name", "").split())[:80]
    Design.objects.filter(pk=_own(request, code).pk).update(name=name)
    messages.success(request, _("The design has its new name."))
    return redirect("account:designs")


@login_required
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    if forget_design(design_id=_own(request, code).pk):
        messages.success(request, _("The design is gone."))
    else:
        messages.success(
            request,
            _("The design is no longer yours. Others build on it, so it stays without your name."),
        )
    return redirect("account:designs")


def _own(request: HttpRequest, code: str) -> Design:
    """
    Raises:
        NotFound: ``unknown_design``.
    """
    assert isinstance(request.user, User)  # noqa: S101
    found = Design.objects.filter(code=code, owner=request.user).first()
    if found is None:
        raise NotFound(
            "unknown_design", Sentence("There is no design behind this link."), design=code
        )
    return found
