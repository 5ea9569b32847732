"""The log: one JSON object a line, so that no value can forge a line. No bodies, no tokens, no names of people."""

import logging
import sys
from typing import TextIO

import structlog

_LIBRARIES = ("slack_bolt", "slack_sdk", "aiohttp", "asyncio")


def write(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send our own lines to a stream (standard error), and of the libraries where something went wrong, not what."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = [_Places()]
        library.setLevel(logging.ERROR)
        library.propagate = False


def of_slack() -> logging.Logger:
    """Return the logger for Slack's libraries. Its level is fixed: their debug lines hold bodies and tokens."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return logger


class _Places(logging.Handler):
    """Writes which library failed and where. Its words stay out: they may hold addresses with tickets, or bodies."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        place = f"{record.module}:{record.lineno}"
        structlog.get_logger().error("library", library=record.name, at=place, error=kind)
