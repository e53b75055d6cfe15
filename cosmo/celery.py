"""The Celery app. Messages are hints: PostgreSQL holds the truth, sweeps heal what is lost."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosmo.settings")

app = Celery("cosmo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["cosmo", "design", "orders", "production"])


@setup_logging.connect
def use_our_logging(**_: Any) -> None:
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@before_task_publish.connect
def send_chain_id(headers: dict[str, Any], **_: Any) -> None:
    from cosmo.lib.chain import current_chain_id

    headers.setdefault("chain_id", current_chain_id())


@task_prerun.connect
def take_chain_id(task: "Task[..., Any]", **_: Any) -> None:
    import structlog

    chain_id = getattr(task.request, "chain_id", None) or (task.request.headers or {}).get(
        "chain_id"
    )
    if chain_id:
        structlog.contextvars.bind_contextvars(chain_id=chain_id)


@task_postrun.connect
def forget_chain_id(**_: Any) -> None:
    import structlog

    structlog.contextvars.clear_contextvars()
