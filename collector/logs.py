"""Structured logs on standard output. A line names the thing and its id; never a comment, an answer or an address."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog


def places(trace: TracebackType | None) -> list[str]:
    """Where in the code something went wrong. The error's own text is left out: it may hold what a visitor wrote."""
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


class _Libraries(logging.Handler):
    """Writes what libraries log in our own form. An exception's text may hold what a visitor wrote, and the message
    beside it the address that was asked for; the places in the code do not."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record."""
        logger = structlog.get_logger("lukewarm").bind(logger=record.name)
        if record.exc_info and record.exc_info[0] is not None:
            logger.log(
                record.levelno,
                "library.failed",
                error=record.exc_info[0].__name__,
                where=places(record.exc_info[2]),
            )
        else:
            logger.log(record.levelno, "library", message=record.getMessage())


def set_up(log_format: str, log_level: str) -> None:
    """Configure logging for this process: `json`, one object a line, or `text`."""
    level = logging.getLevelNamesMapping()[log_level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Libraries()], level=max(level, logging.WARNING), force=True)
