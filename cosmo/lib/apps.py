"""The shared room as an app: it owns the outbox and the idempotency keys, nothing else."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "cosmo.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"
