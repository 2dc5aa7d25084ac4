"""A member with each role, signed in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.db import Database
from collector.web.guards import Role
from tests.make import let_in, make_member

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
