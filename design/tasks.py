"""Background work of design: an id in, one service call, safe to run twice."""

from celery import shared_task

from cosmo.lib.hints import send_hint
from design.services import checking, diagrams, pictures, publishing, sketches


@shared_task(name="design.check_draft")
def check_draft(check_id: int) -> None:
    """Work for a while, then hand on, so that others get their turn."""
    if checking.run_check(check_id=check_id):
        send_hint(check_draft, check_id)


@shared_task(name="design.check_waiting_drafts")
def check_waiting_drafts() -> None:
    """The sweep: checks whose hint was lost, or whose worker died."""
    for check_id in checking.waiting_checks():
        send_hint(check_draft, check_id)


@shared_task(name="design.publish_due_drafts")
def publish_due_drafts() -> None:
    for draft_id in publishing.due_drafts():
        publishing.publish_due(draft_id=draft_id)


@shared_task(name="design.draw_diagram")
def draw_diagram(offer_id: int) -> None:
    diagrams.draw_diagram(offer_id=offer_id)


@shared_task(name="design.draw_missing_diagrams")
def draw_missing_diagrams() -> None:
    """Offers published lately, or whose worker died, or drawn by an older version."""
    for offer_id in diagrams.undrawn_offers():
        send_hint(draw_diagram, offer_id)


@shared_task(name="design.draw_pictures")
def draw_pictures(revision_id: int) -> None:
    """No sweep: who asks for a picture that is missing has it drawn."""
    pictures.draw_pictures(revision_id=revision_id)


@shared_task(name="design.forget_sketches")
def forget_sketches() -> None:
    """What browsers left that did not come back, and pictures that nobody will ask for."""
    sketches.forget_sketches()
    pictures.forget_pictures()
