"""What waits for a moderator; and what one contributed oneself."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import Invalid, Sentence
from design.lifecycle import ModerationVerdict
from design.models import Contribution
from design.selectors.contributions import WHOLE, contributor_for, path_of, title_of
from design.selectors.moderation import (
    MODERATORS,
    access_moderated,
    as_waiting,
    past_acts,
    waiting_for,
)
from design.services.moderation import decide as decide_on

PAGE_SIZE = 20


@require_safe
@for_roles(*MODERATORS)
def moderation(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles
    page = Paginator(waiting_for(user), PAGE_SIZE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "waiting": [(as_waiting(found), path_of(found)) for found in page.object_list],
        "acts": [(act, title_of(act.contribution)) for act in past_acts(user)],
    }
    return render(request, "design/moderation.html", facts)


@require_POST
@for_roles(*MODERATORS)
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles
    found = access_moderated(public_id, user)
    wanted = request.POST.get("verdict", "")
    if wanted not in ModerationVerdict.values:
        raise Invalid(
            "unknown_verdict",
            Sentence("“%(verdict)s” is no decision. Choose approved or hidden."),
            verdict=wanted[:20],
        )
    verdict = ModerationVerdict(wanted)
    decide_on(
        contribution_id=found.pk, by=user, verdict=verdict, reason=request.POST.get("reason", "")
    )
    is_approved = verdict == ModerationVerdict.APPROVED
    messages.success(
        request,
        _("Approved; its author is told.") if is_approved else _("Hidden; its author is told."),
    )
    return redirect("design:moderation")


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything one contributed, with what became of it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    own = Contribution.objects.filter(author__user=user).select_related(
        *WHOLE, "comment__about__idea"
    )
    page = Paginator(own.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "own": [(found, title_of(found), path_of(found)) for found in page.object_list],
        "contributor": contributor_for(user),
    }
    return render(request, "design/gallery_mine.html", facts)
