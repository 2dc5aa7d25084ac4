"""The second step: each code once, five tries, and no way around it."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text, update

from collector.accounts.models import MemberRow
from collector.accounts.second_step import HIDDEN_FOR, is_good, step_of, ticket
from collector.accounts.tries import SECOND_STEP
from collector.accounts.you.actions import begin_second_step, draft_second_step, move_second_steps
from collector.accounts.you.queries import second_step_of
from collector.db import Database
from collector.hiding import hide, shown
from tests.accounts.test_sessions import OURS, log_in
from tests.conftest import Clock
from tests.make import NOW, PASSWORD, let_in, make_member

KEY = b"a key for tests that is long enough to be one"
#: RFC 6238, appendix B: the secret "12345678901234567890", with six of the eight digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_counted_as_the_standard_counts_them(seconds: int, code: str):
    at = NOW.fromtimestamp(seconds, NOW.tzinfo)
    assert step_of(SECRET, code, None, at) == seconds // 30
    assert step_of(SECRET, code, seconds // 30, at) is None


@pytest.mark.parametrize(
    ("apart", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False), (86400, False)]
)
def test_a82_a_clock_may_be_one_step_off_and_no_more(apart: int, is_taken: bool):
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=apart))
    assert (step_of(SECRET, code, None, NOW) is not None) is is_taken


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "12345a", "-12345", "123 45", "1e5000"])
def test_what_is_no_code_is_none(code: str):
    assert step_of(SECRET, code, None, NOW) is None


@pytest.mark.parametrize(
    "change", ["{0}x", "9{0}", "{0}.1", "", "1", "1.2", "a.b.c", "1.99999999999999999999.ff", "-1.2.3"]
)
def test_a_ticket_cannot_be_changed(change: str):
    made = ticket(b"key", 1, "kept", NOW)
    assert is_good(b"key", made, 1, "kept", NOW)
    assert not is_good(b"key", change.format(made), 1, "kept", NOW)


def test_a_ticket_is_good_for_one_member_one_password_and_ten_minutes():
    made = ticket(b"key", 1, "kept", NOW)
    assert not is_good(b"key", made, 2, "kept", NOW)
    assert not is_good(b"key", made, 1, "other", NOW)
    assert not is_good(b"other", made, 1, "kept", NOW)
    assert is_good(b"other\nkey", made, 1, "kept", NOW)
    assert is_good(b"key", made, 1, "kept", NOW + timedelta(minutes=9, seconds=59))
    assert not is_good(b"key", made, 1, "kept", NOW + timedelta(minutes=10))


@pytest.fixture
def codes(database: Database) -> list[str]:
    """The recovery codes of an owner whose second step is on."""
    with database.writing() as tx:
        owner = make_member(tx)
        draft_second_step(tx, owner, b"key")
        draft = second_step_of(tx, owner).draft
        assert draft is not None
        made = begin_second_step(tx, owner, draft, 0, NOW)
        assert made is not None
        tx.execute(update(MemberRow).values(totp_secret=hide(KEY, HIDDEN_FOR, owner, SECRET)))
        return made


def half_way(client: FlaskClient) -> str:
    """The ticket that the first step gives."""
    reply = log_in(client, next="/you")
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    return re.findall(r'name="ticket" value="([^"]+)"', reply.text)[0]


def send(client: FlaskClient, given: str, code: str):
    return client.post("/login/code", data={"ticket": given, "code": code, "next": "/you"}, headers=OURS)


def code_at(clock: Clock) -> str:
    return pyotp.TOTP(SECRET).at(clock.time)


def test_the_password_alone_opens_nothing_and_the_code_does(client: FlaskClient, clock: Clock, codes: list[str]):
    given = half_way(client)
    assert client.get("/you").status_code == 303
    assert send(client, given, "000000").status_code == 422
    code = code_at(clock)
    reply = send(client, given, f" {code[:3]} {code[3:]} ")
    assert (reply.status_code, reply.location) == (303, "/you")
    assert client.get("/you").status_code == 200


def test_a82_a_code_is_taken_once(app: Flask, clock: Clock, codes: list[str]):
    first, second = app.test_client(), app.test_client()
    code = code_at(clock)
    assert send(first, half_way(first), code).status_code == 303
    assert send(second, half_way(second), code).status_code == 422
    clock.move(timedelta(seconds=30))
    assert send(second, half_way(second), code).status_code == 422
    assert send(second, half_way(second), code_at(clock)).status_code == 303


def test_a82_after_five_tries_even_the_right_code_is_refused_for_a_while(
    client: FlaskClient, clock: Clock, codes: list[str]
):
    given = half_way(client)
    for _ in range(SECOND_STEP.most):
        assert send(client, given, "000000").status_code == 422
    assert send(client, given, code_at(clock)).status_code == 429
    given = half_way(client)
    assert send(client, given, codes[0]).status_code == 429
    clock.move(SECOND_STEP.every)
    assert send(client, half_way(client), code_at(clock)).status_code == 303


def test_a82_a_recovery_code_signs_in_once(app: Flask, codes: list[str]):
    assert len(set(codes)) == 10
    typed = codes[3].upper().replace("-", " ")
    first, second = app.test_client(), app.test_client()
    assert send(first, half_way(first), typed).status_code == 303
    assert send(second, half_way(second), codes[3]).status_code == 422
    assert "9 recovery codes left" in first.get("/you").text


def test_recovery_codes_are_stored_as_hashes(database: Database, codes: list[str]):
    with database.reading() as tx:
        for table in inspect(database.engine).get_table_names():
            stored = " ".join(str(tuple(line)) for line in tx.execute(text(f"select * from {table}")))
            assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_the_second_step_wants_the_first_just_now(client: FlaskClient, clock: Clock, codes: list[str]):
    given = half_way(client)
    clock.move(timedelta(minutes=10))
    reply = send(client, given, code_at(clock))
    assert reply.status_code == 422
    assert "That took too long" in reply.text


def test_it_is_set_up_with_the_password_and_the_first_code(app: Flask, database: Database, clock: Clock):
    client, elsewhere = app.test_client(), app.test_client()
    with database.writing() as tx:
        owner = make_member(tx)
        for one in (client, elsewhere):
            let_in(one, tx, owner)
    before = client.get_cookie("lukewarm").value
    assert client.get("/you/second-step").location == "/you"
    assert client.post("/you/second-step/start", data={"password": "wrong"}).status_code == 422
    assert client.post("/you/second-step/start", data={"password": PASSWORD}).location == "/you/second-step"
    shown = client.get("/you/second-step").text
    secret = re.findall(r"<code[^>]*>([A-Z2-7 ]{30,})</code>", shown)[0].replace(" ", "")
    assert "data:" not in shown
    assert "<svg" in shown
    assert client.post("/you/second-step", data={"code": "000000"}).status_code == 422
    assert log_in(app.test_client()).status_code == 303, "a draft is not asked for"
    made = client.post("/you/second-step", data={"code": pyotp.TOTP(secret).at(clock.time)})
    assert made.status_code == 200
    assert len(re.findall(r"^(?:<pre[^>]*>)?(\w{4}-\w{4}-\w{4}-\w{4})", made.text, re.MULTILINE)) == 10
    assert client.get_cookie("lukewarm").value != before
    assert elsewhere.get("/you").status_code == 303
    assert log_in(app.test_client()).status_code == 200
    for path in ("/you", "/you/second-step"):
        assert secret not in client.get(path).text.replace(" ", "")
    with database.reading() as tx:
        for table in inspect(database.engine).get_table_names():
            assert secret not in " ".join(str(tuple(line)) for line in tx.execute(text(f"select * from {table}"))), (
                table
            )
    clock.move(timedelta(seconds=30))
    late = app.test_client()
    assert send(late, half_way(late), pyotp.TOTP(secret).at(clock.time)).status_code == 303
    assert client.post("/you/second-step", data={"code": "000000"}).location == "/you"
    assert client.post("/you/second-step/off", data={"password": "wrong"}).status_code == 422
    assert client.post("/you/second-step/off", data={"password": PASSWORD}).location == "/you?done=off"
    assert log_in(app.test_client()).status_code == 303


def test_new_recovery_codes_end_the_earlier_ones(client: FlaskClient, app: Flask, clock: Clock, codes: list[str]):
    send(client, half_way(client), code_at(clock))
    fresh = client.post("/you/second-step/codes", data={"password": PASSWORD}, headers=OURS)
    found = re.findall(r"\w{4}-\w{4}-\w{4}-\w{4}", fresh.text)
    assert len(found) == 10
    other = app.test_client()
    assert send(other, half_way(other), codes[0]).status_code == 422
    assert send(other, half_way(other), found[0]).status_code == 303


def test_codes_count_on_after_the_secret_was_changed_and_moved_and_end_with_the_older_one_if_they_were_not(
    database: Database, codes: list[str]
):
    with database.writing() as tx:
        kept, lost = (make_member(tx, email=f"{name}@home.example") for name in ("kept", "lost"))
        for member, key in ((kept, b"old"), (lost, b"gone")):
            stored = hide(key, HIDDEN_FOR, member, SECRET)
            tx.execute(update(MemberRow).where(MemberRow.id == member).values(totp_secret=stored))
        assert move_second_steps(tx, b"new\nold\n" + KEY) == (2, 1)
        assert move_second_steps(tx, b"new\nold\n" + KEY) == (0, 1)
    with database.reading() as tx:
        stored = tx.execute(select(MemberRow.id, MemberRow.totp_secret).order_by(MemberRow.id)).all()
    assert [shown(b"new", HIDDEN_FOR, member, hidden) for member, hidden in stored if hidden] == [SECRET, SECRET, None]
