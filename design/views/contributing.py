"""Taking part: showing a design, voting, commenting, reporting, withdrawing."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError, Forbidden, Sentence
from cosmo.lib.sentences import sentence_of
from design.forms import CommentForm, PublishForm, ReasonForm, person
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import Contribution, GalleryEntry
from design.selectors.contributions import (
    access_own,
    access_shown,
    contributor_for,
    path_of,
    title_of,
)
from design.selectors.designs import revision_by_code
from design.selectors.ideas import ideas_taken_up_by
from design.selectors.shown_design import shown_design
from design.services.comments import write_comment
from design.services.gallery import publish_entry, withdraw
from design.services.moderation import hide_comment_below, report_contribution
from design.services.votes import cast_vote


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Title and story of a design to be shown; what will be seen of it stands beside."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    revision = revision_by_code(code)
    if revision.design.owner_id != user.pk:
        raise Forbidden(
            "not_your_design",
            Sentence("Only who saved design %(design)s may show it. Start from it and save yours."),
            design=code,
        )
    if GalleryEntry.objects.filter(
        design=revision.design, status=ContributionStatus.SHOWN
    ).exists():
        return redirect("design:gallery-entry", code)
    form = PublishForm(
        request.POST or None,
        initial={"title": revision.design.name},
        contributor=contributor_for(user),
        ideas=ideas_taken_up_by(user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            entry = publish_entry(revision=revision, user=user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, sentence_of(refused))
        else:
            messages.success(request, _told(entry))
            return redirect("design:gallery-entry", code)
    facts = {"form": form, "code": code, "design": shown_design(revision)}
    status = 422 if form.errors else 200
    return render(request, "design/gallery_publish.html", facts, status=status)


def _told(contribution: Contribution) -> str:
    if contribution.is_shown:
        return _("Everybody can see it now.")
    return _("Thank you. A moderator looks at it first; then everybody can see it.")


@require_POST
def vote(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The wish is in the form, so that a second click does not undo the first."""
    found = access_shown(public_id)
    user = person(request.user)
    if user is None:
        return _to_login(request, found)
    is_for = request.POST.get("vote") != "off"
    cast_vote(contribution_id=found.pk, user=user, is_for=is_for)
    if getattr(request, "htmx", False):
        found.refresh_from_db(fields=["votes"])
        facts = {"about": found, "has_voted": is_for, "is_own": False, "is_signed_in": True}
        return render(request, "design/partials/vote.html", facts)
    return redirect(path_of(found))


@require_POST
def comment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_shown(public_id)
    user = person(request.user)
    if user is None:
        return _to_login(request, found)
    contributor = contributor_for(user)
    form = CommentForm(request.POST, contributor=contributor)
    if form.is_valid():
        try:
            written = write_comment(about_id=found.pk, user=user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, sentence_of(refused))
        else:
            messages.success(request, _told(written))
            return redirect(f"{path_of(found)}?said=1#comment-{written.public_id}")
    facts = {"form": form, "about": found, "title": title_of(found), "back": path_of(found)}
    return render(request, "design/gallery_comment.html", facts, status=422)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say why something should not be shown; a moderator looks at it."""
    found = access_shown(public_id)
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report_contribution(contribution_id=found.pk, user=user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Thank you. A moderator looks at it."))
        return redirect(path_of(found))
    facts = {"form": form, "about": found, "title": title_of(found), "back": path_of(found)}
    status = 422 if form.errors else 200
    return render(request, "design/gallery_report.html", facts, status=status)


@login_required
@require_POST
def withdraw_own(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    found = access_own(public_id, user)
    withdraw(contribution_id=found.pk, user=user)
    messages.success(request, _("It is not shown any more."))
    if found.kind == ContributionKind.COMMENT:
        return redirect(path_of(found.comment.about))
    return redirect("design:gallery-mine")


@login_required
@require_POST
def hide_comment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who wrote the entry or idea hides a comment below it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    found = access_shown(public_id)
    if found.kind != ContributionKind.COMMENT:
        raise Forbidden("not_yours", Sentence("Only who wrote what it is about may hide this."))
    hide_comment_below(comment_id=found.pk, user=user, reason=request.POST.get("reason", ""))
    messages.success(request, _("It is not shown any more."))
    return redirect(path_of(found.comment.about))


def _to_login(request: HttpRequest, found: Contribution) -> HttpResponse:
    """After signing in, the page itself: an address that only takes forms is no place to land."""
    if getattr(request, "htmx", False):
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(path_of(found))
