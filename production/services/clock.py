"""Plant time across a stop of the whole installation: it goes on from where it was last seen."""

from django.conf import settings
from django.db import transaction

from cosmo.lib.clock import real_now
from production.models import Plant


def touch_clocks() -> None:
    """Note that the clocks run. Called every few seconds; what was not noted is not lost time."""
    Plant.objects.update(clock_seen_real=real_now())


@transaction.atomic
def resume_clocks() -> list[Plant]:
    """Let every plant's time go on from when it was last seen, at the factor of the settings.

    For a start after a stop: a demonstration that was closed for a night did not work that
    night. A clock that ran with factor 1 is left alone, because a real plant's time is real time.
    """
    now = real_now()
    resumed = []
    for plant in Plant.objects.select_for_update(no_key=True).order_by("pk"):
        factor = settings.COSMO_CLOCK_FACTOR
        if plant.clock_factor == factor == 1.0:
            continue
        clock = plant.clock.resumed(last_seen_real=plant.clock_seen_real, real=now, factor=factor)
        plant.clock_origin_plant = clock.origin_plant
        plant.clock_origin_real = clock.origin_real
        plant.clock_factor = clock.factor
        plant.clock_seen_real = now
        plant.save(
            update_fields=[
                "clock_origin_plant",
                "clock_origin_real",
                "clock_factor",
                "clock_seen_real",
            ]
        )
        resumed.append(plant)
    return resumed
