"""The house as an app: commands and tasks that need to know every room."""

from django.apps import AppConfig


class CosmoConfig(AppConfig):
    name = "cosmo"
    label = "cosmo"

    def ready(self) -> None:
        from cosmo import celery  # noqa: F401 - tasks bind to this app, not to a default
