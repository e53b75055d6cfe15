"""``manage.py prepare_demo``: what the demo needs before its programs start, in one process."""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = (
        "Migrate where something is to migrate, seed the demo, let plant time go on. "
        "Prints a line `done: NAME` for each step, which the demo's supervisor shows."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.step("Tables", self.migrate)
        self.step("Catalogue, plant and accounts", self.seed)
        self.step("Plant time", self.resume)

    def step(self, name: str, act: Callable[[], None]) -> None:
        act()
        self.stdout.write(f"done: {name}")
        self.stdout.flush()

    def migrate(self) -> None:
        """Django's own command takes a second even when there is nothing to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, stdout=self.stdout)

    def seed(self) -> None:
        call_command("seed_demo", stdout=self.stdout)

    def resume(self) -> None:
        call_command("resume_clock", stdout=self.stdout)
