"""Structured logs: one JSON object a line, each with the chain id of what caused it."""

import os

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
RENDERER = (
    structlog.dev.ConsoleRenderer(colors=False)
    if os.environ.get("COSMO_LOG") == "text"
    else structlog.processors.JSONRenderer()
)

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, RENDERER],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": os.environ.get("COSMO_LOG_LEVEL", "WARNING")},
    "loggers": {
        name: {"level": os.environ.get("COSMO_LOG_LEVEL", "INFO")}
        for name in ("cosmo", "design", "orders", "production")
    },
}
