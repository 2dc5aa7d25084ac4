"""The collector as a WSGI application, for a server of one's own: `gunicorn 'collector.wsgi:application()'`.

`lukewarm serve` needs nothing of this. Whoever uses another server runs `lukewarm work` beside it."""

import os
from functools import partial

from flask import Flask

from collector import logs
from collector.app import create_app
from collector.config import read_settings
from collector.config.secret_file import signing_key
from collector.db import Database
from collector.migrations import upgrade


def application() -> Flask:
    """The application with the settings of the environment, on a database at the newest schema.

    Raises `SettingsError`, which says all that is wrong, or one of `db.UNAVAILABLE`."""
    settings = read_settings(os.environ)
    logs.set_up(settings.log_format, settings.log_level)
    database = Database(settings.database, pool_size=settings.threads + 2)
    upgrade(database, partial(signing_key, settings))
    return create_app(settings, database)
