"""``manage.py resume_clock``: plant time goes on from where it stopped."""

from typing import Any

from django.core.management.base import BaseCommand

from production.services.clock import resume_clocks


class Command(BaseCommand):
    help = (
        "After a stop, let every plant's time go on from when it was last seen, "
        "at the speed of COSMO_CLOCK_FACTOR."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for plant in resume_clocks():
            now = plant.clock.now()
            self.stdout.write(
                f"{plant.code}: {now:%Y-%m-%d %H:%M} UTC, {plant.clock_factor:g} times real time"
            )
