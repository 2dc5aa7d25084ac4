"""A member with each role, signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from collector.config import Settings
from collector.db import Database
from collector.web.guards import Role
from tests.conftest import Clock
from tests.make import let_in, make_member


def writing_mail(settings: Settings, database: Database, clock: Clock, folder: Path) -> Flask:
    """A collector with a way out to people, into a folder."""
    values = {name: getattr(settings, name) for name in Settings.__slots__}
    values |= {"mail_folder": folder, "mail_from": "ask@example.com", "public_url": "http://ask.example.com"}
    return create_app(Settings(**values), database, now=clock)


As = Callable[[Role], FlaskClient]


@pytest.fixture
def signed_in(app: Flask, database: Database) -> As:
    """A browser in which somebody with this role is signed in."""

    def open_as(role: Role) -> FlaskClient:
        client = app.test_client()
        with database.writing() as tx:
            let_in(client, tx, make_member(tx, role))
        return client

    return open_as


@pytest.fixture
def owner(signed_in: As) -> FlaskClient:
    return signed_in(Role.owner)
