"""What happens when something is announced: here and nowhere else."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from cosmo.accounts.models import User
from cosmo.lib.hints import send_hint
from design import signals, tasks
from design.selectors.designs import SESSION_DESIGNS
from design.selectors.sketches import SESSION_BROWSER
from design.services.designs import adopt_designs
from design.services.sketches import adopt_sketches


@receiver(signals.check_asked)
def check_asked_draft(check_id: int, **_: object) -> None:
    send_hint(tasks.check_draft, check_id)


@receiver(user_logged_in)
def adopt_saved_designs(request: HttpRequest | None, user: User, **_: object) -> None:
    """What was saved and left in this browser before signing in becomes the user's."""
    if request is None or not hasattr(request, "session"):
        return
    codes = request.session.pop(SESSION_DESIGNS, [])
    if codes:
        adopt_designs(user=user, codes=codes)
    browser = request.session.pop(SESSION_BROWSER, "")
    if browser:
        adopt_sketches(user=user, browser=browser)


@receiver(signals.picture_wanted)
def picture_asked_for(revision_id: int, **_: object) -> None:
    send_hint(tasks.draw_pictures, revision_id)
