"""Writing a draft: its page, saving, faults while one types, the check in the background."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.documents import in_order
from cosmo.lib.errors import DomainError, Invalid, Sentence
from cosmo.lib.sentences import sentence_of
from design.drafting.files import file_order, is_file_name
from design.models import Draft
from design.selectors.authoring import AUTHORS
from design.selectors.draft_page import DraftState, draft_state
from design.selectors.drafts import access_draft
from design.services.checking import ask_check
from design.services.drafts import discard_draft, save_draft
from design.services.publishing import needs_sign_off
from design.services.reading import check_draft

NO_CONTENT = 204


def state_of(request: HttpRequest, draft: Draft) -> DraftState:
    return draft_state(draft, request.user, needs_sign_off=needs_sign_off(draft))


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - for_roles let a user in
    return request.user


@for_roles(*AUTHORS)
@require_safe
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    return _editor(request, found, found.files)


def _editor(
    request: HttpRequest, draft: Draft, files: Mapping[str, str], *, status: int = 200, **more: Any
) -> HttpResponse:
    asked = request.GET.get("file") or request.POST.get("file") or "offer.yaml"
    names = sorted(files, key=file_order)
    name = asked if asked in names else names[0]
    line = request.GET.get("line", "")
    facts = {
        "draft": draft,
        "state": state_of(request, draft),
        "file": name,
        "text": files[name],
        "names": names,
        "line": line if line.isdigit() else "",
        "problems": None,
        "tab": "text",
        **more,
    }
    return render(request, "design/author_draft.html", facts, status=status)


@for_roles(*AUTHORS)
@require_POST
def save(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep one file. If somebody was faster, the writer's own text stays on the page."""
    found = access_draft(request.user, public_id)
    user, files = signed_in(request), _sent_files(request)
    try:
        saved = save_draft(
            draft_id=found.pk,
            version=number_in(request.POST.get("version", "")),
            editor=user,
            files=files,
            note=request.POST.get("note"),
        )
        if request.POST.get("then") == "check":
            ask_check(draft_id=saved.pk)
    except DomainError as error:
        found.refresh_from_db()
        shown = {**found.files, **files}
        return _editor(
            request, found, shown, status=error.status, refused=error, said=sentence_of(error)
        )
    if request.POST.get("then") != "check":
        messages.success(request, _("Saved."))
    file = next(iter(files), "offer.yaml")
    return _back(saved, file)


def _back(draft: Draft, file: str = "") -> HttpResponse:
    address = reverse("design:draft", args=[draft.public_id])
    return redirect(f"{address}?file={file}" if file and file != "offer.yaml" else address)


def number_in(text: str) -> int:
    """The version a form was made from; 0, which never is one, for nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _sent_files(request: HttpRequest) -> dict[str, str]:
    """The file of the form, and perhaps a new language beside it."""
    name = request.POST.get("file", "")
    files = {name: request.POST.get("text", "")} if name else {}
    language = request.POST.get("language", "").strip().lower()
    if language:
        new = f"texts/{language}.yaml"
        if not is_file_name(new):
            raise Invalid(
                "bad_language",
                Sentence("“%(language)s” is no language code such as fr."),
                language=language[:20],
            )
        files[new] = f"format: cosmo-texts/1\nlanguage: {language}\n"
    return files


@for_roles(*AUTHORS)
@require_POST
def validate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The faults of the text as it is being typed; nothing is kept."""
    found = access_draft(request.user, public_id)
    found.files = {**found.files, **_sent_files(request)}
    facts = {"draft": found, "problems": in_order(check_draft(found).problems)}
    return render(request, "design/partials/author_problems.html", facts)


@for_roles(*AUTHORS)
@require_POST
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    return acted(request, found, lambda: ask_check(draft_id=found.pk))


@for_roles(*AUTHORS)
@require_safe
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The panel, for the page that asks again and again; 204 while nothing moved."""
    found = access_draft(request.user, public_id)
    shown = state_of(request, found)
    if request.GET.get("key") == shown.key:
        return HttpResponse(status=NO_CONTENT)
    return _panel(request, found, shown)


def _panel(request: HttpRequest, draft: Draft, shown: DraftState) -> HttpResponse:
    """Where the draft stands; said aloud, but for every percent of a running check."""
    facts = {"draft": draft, "state": shown}
    response = render(request, "design/partials/author_state.html", facts)
    if not shown.is_running:
        trigger_client_event(response, "announce", {"text": str(draft.get_status_display())})
    return response


@for_roles(*AUTHORS)
@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    discard_draft(draft_id=found.pk)
    messages.success(request, _("The draft was put away."))
    return redirect("design:author")


def acted(request: HttpRequest, draft: Draft, act: Callable[[], object]) -> HttpResponse:
    """Do something to a draft, then show where it stands: the panel to htmx, else the page."""
    if getattr(request, "htmx", False):
        act()
        fresh = access_draft(request.user, draft.public_id)
        return _panel(request, fresh, state_of(request, fresh))
    try:
        act()
    except DomainError as error:
        messages.error(request, sentence_of(error))
    return _back(draft)
