"""A sign of life of a part of the installation, for /readyz."""

from cosmo.lib.clock import real_now
from cosmo.lib.models import Pulse


def beat(name: str) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"seen_at": real_now()})
