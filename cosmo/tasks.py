"""Background work that belongs to no room."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from oauth2_provider.models import clear_expired

from cosmo.lib.clock import real_now
from cosmo.lib.idempotency import forget_answers
from cosmo.lib.letters import send_waiting_letters
from cosmo.lib.outbox import forget_published
from cosmo.lib.pulse import beat


@shared_task(name="cosmo.worker_seen")
def worker_seen() -> None:
    beat("worker")


@shared_task(name="cosmo.forget_answers")
def forget_old_answers() -> None:
    """Answers that no client may expect to be repeated any more."""
    forget_answers()


@shared_task(name="cosmo.forget_events")
def forget_events() -> None:
    """Events that left long ago."""
    forget_published(before=real_now() - settings.COSMO_KEPT)


@shared_task(name="cosmo.forget_tokens")
def forget_tokens() -> None:
    """Partners' tokens that ended, and sessions nobody can come back to."""
    clear_expired()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="cosmo.send_waiting_letters")
def send_letters() -> None:
    """Mails that are about no order."""
    send_waiting_letters()
