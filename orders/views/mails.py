"""Which mails somebody gets, and in which language."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cosmo.accounts.models import User
from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.mail_choice import MailKind, read_refusal, refuse, want
from orders.account_forms import MailLanguageForm
from orders.selectors.account import mail_choices


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    user = request.user
    form = MailLanguageForm(request.POST or None, initial={"mail_language": user.mail_language})
    if request.method == "POST" and form.is_valid():
        for kind in MailKind:
            (want if kind.value in request.POST.getlist("kind") else refuse)(
                email=user.email, kind=kind
            )
        user.mail_language = form.cleaned_data["mail_language"]
        user.save(update_fields=["mail_language"])
        messages.success(request, _("That is how we write to you from now on."))
        return redirect("account:mails")
    return render(request, "account/mails.html", {"form": form, "kinds": mail_choices(user.email)})


# A mail program posts here by itself (RFC 8058); the signed address is what allows it.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once, so that a program that looks at links refuses nothing; then it is done."""
    found = read_refusal(token)
    if found is None:
        raise NotFound(
            "unknown_link",
            Sentence("This link is not whole. Open it from the mail again, or choose by account."),
        )
    email, kind = found
    if request.method == "POST":
        (want if "again" in request.POST else refuse)(email=email, kind=kind)
    facts = {
        "email": email,
        "kind": kind.label,
        "is_done": request.method == "POST" and "again" not in request.POST,
        "is_back": "again" in request.POST,
    }
    return render(request, "account/refuse_mail.html", facts)
