"""Keeping what somebody is designing, without being asked to."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from design.models import Product, Sketch

# Of who has not signed in: by then the browser's session, which leads back to it, is over.
LASTS = timedelta(seconds=settings.SESSION_COOKIE_AGE)


def keep_sketch(*, product: Product, user: User | None, browser: str, address: str) -> Sketch:
    """The newest takes the place of the one before; two at once leave one row."""
    who = {"user": user} if user is not None else {"user": None, "browser": browser}
    sketch, _created = Sketch.objects.update_or_create(
        product=product, **who, defaults={"address": address, "kept_at": real_now()}
    )
    return sketch


@transaction.atomic
def adopt_sketches(*, user: User, browser: str) -> None:
    """Whoever signs in finds here what this browser was designing, where that is newer."""
    for sketch in Sketch.objects.select_for_update().filter(user=None, browser=browser):
        known = Sketch.objects.filter(user=user, product_id=sketch.product_id).first()
        if known is not None and known.kept_at >= sketch.kept_at:
            sketch.delete()
            continue
        if known is not None:
            known.delete()
        sketch.user, sketch.browser = user, ""
        sketch.save(update_fields=["user", "browser"])


def forget_sketches() -> int:
    """Those of browsers that did not come back. Safe to repeat."""
    old = Sketch.objects.filter(~Q(browser=""), kept_at__lt=real_now() - LASTS)
    return old.delete()[0]
