"""What an application was made from, for its views: settings, database, keys and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app

from collector.config import Settings
from collector.db import Database


@dataclass(frozen=True, slots=True)
class Context:
    """One application's surroundings. `token_key` makes follow-up tokens; `now` is the clock."""

    settings: Settings
    database: Database
    token_key: bytes
    now: Callable[[], datetime]


def context() -> Context:
    """The surroundings of the application that answers this request."""
    return cast(Context, current_app.extensions["lukewarm"])


def mail_is_open() -> bool:
    """Whether this installation sends mails."""
    return "email" in context().settings.channels
