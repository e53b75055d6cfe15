from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "design"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from design import receivers  # noqa: F401 - Django's place for receivers
