"""How often somebody may try to sign in, and what it costs the machine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Queue

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector.accounts import passwords
from collector.accounts.door.actions import take_tries
from collector.accounts.jobs import forget
from collector.accounts.models import MemberRow, ResetRow, SessionRow, TriesRow
from collector.accounts.tries import ADDRESS, NETWORK, Bucket, after_one, tries_for, wait_for
from collector.accounts.turns import Turns
from collector.db import Database
from collector.problems import TooManyTries
from tests.accounts.test_sessions import OURS, log_in
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, make_member


@pytest.fixture
def owner(database: Database) -> int:
    with database.writing() as tx:
        return make_member(tx)


@given(st.lists(st.floats(0, 900), max_size=200), st.integers(1, 10), st.integers(1, 600))
def test_never_more_than_the_bucket_and_what_came_back(steps: list[float], most: int, every: int):
    bucket, now, full, taken = Bucket(most, timedelta(seconds=every)), NOW, None, 0
    for step in steps:
        now += timedelta(seconds=step)
        if not wait_for(full, bucket, now):
            full, taken = after_one(full, bucket, now), taken + 1
    assert taken <= most + (now - NOW) / bucket.every


@pytest.mark.parametrize("email", ["owner@home.example", "nobody@home.example"])
def test_a80_a_guessed_address_is_shut_for_a_while_whether_anybody_has_it_or_not(
    client: FlaskClient, clock: Clock, owner: int, email: str
):
    for number in range(ADDRESS.most):
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        assert log_in(client, email, "wrong horse battery staple").status_code == 422
    client.environ_base["REMOTE_ADDR"] = "203.0.113.200"
    refused = log_in(client, email)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert "There were many tries. Try again in 5 minutes." in refused.text
    assert log_in(client, "other@home.example", "x").status_code == 422
    clock.move(ADDRESS.every)
    assert log_in(client, email).status_code == (303 if email.startswith("owner") else 422)


def test_one_network_cannot_try_everybody(client: FlaskClient, owner: int):
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2::1"
    with client.application.extensions["lukewarm"].database.writing() as tx:
        for number in range(NETWORK.most):
            assert not take_tries(tx, tries_for(f"{number}@home.example", f"2001:db8:1:2::{number:x}"), NOW)
    assert log_in(client).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert log_in(client).status_code == 303


def test_whoever_knows_the_password_uses_nothing_up(client: FlaskClient, owner: int):
    for _ in range(ADDRESS.most * 2):
        assert log_in(client).status_code == 303
        client.delete_cookie("lukewarm")


def test_of_tries_at_the_same_moment_no_more_are_taken_than_there_are(database: Database):
    tries = tries_for("ann@home.example", "203.0.113.1")

    def one(_: int) -> bool:
        with database.writing() as tx:
            return not take_tries(tx, tries, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == ADDRESS.most


def test_neither_address_nor_network_of_a_try_is_stored(client: FlaskClient, database: Database):
    log_in(client, "ann@home.example", "x")
    with database.reading() as tx:
        owners = [bytes(owner) for owner in tx.scalars(select(TriesRow.owner))]
    assert [len(owner) for owner in owners] == [32, 32]
    assert b"ann" not in b"".join(owners)


def test_a81_as_many_passwords_are_hashed_as_there_are_turns_and_the_rest_is_refused(app: Flask, owner: int):
    app.extensions["lukewarm.hashing"] = Turns(1)
    told: Queue[int] = Queue()

    def one(number: int) -> None:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        told.put(log_in(client, f"{number}@home.example").status_code)

    with ThreadPoolExecutor(4) as pool:
        with app.extensions["lukewarm.hashing"].turn():
            waiting = [pool.submit(one, number) for number in range(4)]
            assert [told.get(timeout=30) for _ in range(3)] == [429] * 3
        for done in waiting:
            done.result()
    assert told.get(timeout=30) == 422
    with app.extensions["lukewarm"].database.reading() as tx:
        used = tx.scalars(select(TriesRow.owner).where(TriesRow.full_at > NOW)).all()
    assert len(used) == 2, "whoever was refused has lost no try"


def test_a_turn_comes_back_when_something_goes_wrong():
    turns = Turns(1)
    for _ in range(5):
        with pytest.raises(TooManyTries), turns.turn():
            raise TooManyTries


def test_a_password_that_was_kept_at_other_costs_is_kept_anew(client: FlaskClient, database: Database, owner: int):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.writing() as tx:
        tx.get_one(MemberRow, owner).password = weak
    assert log_in(client).status_code == 303
    with database.reading() as tx:
        kept = tx.get_one(MemberRow, owner).password
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert log_in(client).status_code == 303


@pytest.mark.parametrize("email", ["\0", "a\0@home.example", "x" * 5000, "ü@home.example", "'; --", ""])
def test_a83_whatever_is_typed_for_an_address_is_a_stranger(client: FlaskClient, email: str):
    assert log_in(client, email).status_code == 422


def test_what_is_over_is_deleted_by_the_clock_and_nothing_else(
    client: FlaskClient, database: Database, clock: Clock, owner: int
):
    log_in(client)
    with database.writing() as tx:
        tx.add(ResetRow(member_id=owner, fingerprint=b"x" * 32, expires_at=NOW + timedelta(hours=1)))
    clock.move(timedelta(minutes=1))
    forget(database, clock.time)
    assert client.get("/login", headers=OURS).status_code == 303
    with database.reading() as tx:
        assert [len(tx.scalars(select(table)).all()) for table in (ResetRow, SessionRow)] == [1, 1]
    clock.move(timedelta(days=8))
    assert forget(database, clock.time) == 2
    with database.reading() as tx:
        assert [tx.scalars(select(table)).all() for table in (TriesRow, ResetRow, SessionRow)] == [[], [], []]
