"""Ideas: the list, one of them, writing one, and a designer's next step."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, Invalid, NotFound, Sentence
from cosmo.lib.sentences import sentence_of
from design.forms import IdeaFilterForm, IdeaForm, person
from design.lifecycle import IdeaStage
from design.models import Product
from design.selectors.catalogue import access_product
from design.selectors.contributions import (
    contributor_for,
    idea_path,
    last_reason,
    voted,
)
from design.selectors.gallery import cards, entries_of_idea, product_names
from design.selectors.ideas import DESIGNERS, access_idea, may_take_up, shown_ideas
from design.selectors.texts import texts_in
from design.services.ideas import move_idea, write_idea
from design.views.gallery import talk, without_page

PAGE_SIZE = 20


@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    names = product_names()
    form = IdeaFilterForm(request.GET, list(names.values()))
    form.is_valid()
    asked = form.cleaned_data
    found = shown_ideas(
        stage=asked.get("stage") or "",
        product=asked.get("product") or "",
        order=asked.get("order") or "new",
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    facts = {
        "form": form,
        "page": page,
        "ideas": [(idea, names.get(idea.product_id or 0, ("", ""))[1]) for idea in shown],
        "mine": voted(person(request.user), [idea.pk for idea in shown]),
        "is_filtered": bool(asked.get("stage") or asked.get("product")),
        "query": without_page(request),
    }
    return render(request, "design/ideas.html", facts)


@require_safe
def idea(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = person(request.user)
    found = access_idea(public_id, user)
    entries = entries_of_idea(found.pk)
    facts = {
        "idea": found,
        "product_name": _product_name(found.product),
        "cards": cards(entries, product_names() if entries else {}, user),
        "stages": IdeaStage,
        "is_designer": user is not None and may_take_up(found, user),
        "is_taken_by_me": bool(
            user and found.designer is not None and found.designer.user_id == user.pk
        ),
        "reason": last_reason(found) if found.status == "hidden" else "",
        **talk(request, found),
        "back": idea_path(public_id),
    }
    return render(request, "design/idea.html", facts)


def _product_name(product: Product | None) -> str:
    if product is None or product.published_texts is None:
        return ""
    return texts_in(product.published_texts, get_language() or "en").product_name


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    form = IdeaForm(
        request.POST or None,
        contributor=contributor_for(user),
        products=list(product_names().values()),
    )
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        slug = said.pop("product")
        try:
            written = write_idea(user=user, product=access_product(slug) if slug else None, **said)
        except DomainError as refused:
            form.add_error(None, sentence_of(refused))
        else:
            if not written.is_shown:
                messages.success(request, _("Thank you. A moderator looks at your idea first."))
            return redirect("design:idea", written.public_id)
    status = 422 if form.errors else 200
    return render(request, "design/idea_write.html", {"form": form}, status=status)


@require_POST
@for_roles(*DESIGNERS)
def stage(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A designer takes the idea up, gives it back, or says that it is made."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles
    found = access_idea(public_id, user)
    if not may_take_up(found, user):
        raise NotFound("not_shown", Sentence("This idea is for the designers of another factory."))
    wanted = request.POST.get("stage", "")
    if wanted not in IdeaStage.values:
        raise Invalid(
            "unknown_stage",
            Sentence("An idea has no stage “%(stage)s”. Choose open, taken_up or made."),
            stage=wanted[:20],
        )
    move_idea(
        idea_id=found.pk,
        user=user,
        target=IdeaStage(wanted),
        name=request.POST.get("name", ""),
    )
    return redirect("design:idea", public_id)
