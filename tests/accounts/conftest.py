"""An owner at the page."""

import pytest
from flask.testing import FlaskClient

from collector.db import Database
from tests.make import let_in, make_member


@pytest.fixture
def owner(database: Database, client: FlaskClient) -> int:
    """The number of an owner of the team Home, who is signed in at `client`."""
    with database.writing() as tx:
        number = make_member(tx)
        let_in(client, tx, number)
        return number
