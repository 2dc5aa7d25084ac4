"""Proof of work (A-28), through both doors: who is asked, and which answers are none."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from collector.app import create_app
from collector.config import Settings
from collector.intake.admission import Admission, Rates
from collector.intake.jobs import forget
from collector.intake.limits import Limits
from collector.intake.models import SpentProofRow
from collector.intake.proof import DIFFICULTY, LASTS, challenge, is_solved, proven
from collector.problems import ProofRequired, TooManyRequests
from tests.hosted.test_form import Visitor
from tests.intake.test_submit import send, stored
from tests.make import NOW, ORIGIN, make_site, submission

KEY = b"a key for tests that is long enough to be one"
HERE = "203.0.113.7"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, network_limit=4, trusted_proxies=1)


@pytest.fixture(autouse=True)
def _known(client, site):
    """A site that was never asked for has one share with all unknown ones."""
    client.get(f"/v1/sites/{site.key}/survey")


def solved(asked: str) -> str:
    """The challenge with the number that it asks for, found as a browser finds it."""
    difficulty, *_, signature = asked.split(".")
    return f"{asked}.{next(number for number in count() if is_solved(signature, number, int(difficulty)))}"


def submit(client, site, number: int, proof: str = "", address: str = HERE):
    """The answer to a submission that a proxy passes on from an address."""
    return client.post(
        f"/v1/sites/{site.key}/responses" + (f"?proof={proof}" if proof else ""),
        data=json.dumps(submission(number)),
        headers={"Origin": ORIGIN, "Content-Type": "text/plain", "X-Forwarded-For": address},
    )


def asked_of(client, site, address: str = HERE) -> str:
    """The challenge that a network gets at a site as soon as half of its share there is used up."""
    for number in range(100, 120):
        reply = submit(client, site, number, address=address)
        if reply.status_code == 429:
            assert reply.json["type"] == "/problems/proof-required"
            return reply.json["challenge"]
    raise AssertionError("it was never asked")


def test_a28_half_a_share_is_free_the_other_half_is_for_work_and_there_is_no_more(client, site, database):
    replies = [submit(client, site, number) for number in range(1, 4)]
    assert [reply.status_code for reply in replies] == [201, 201, 429]
    assert (replies[-1].content_type, replies[-1].json["status"]) == ("application/problem+json", 429)
    assert 14 <= int(replies[-1].headers["Retry-After"]) <= 20
    assert replies[-1].headers["Access-Control-Allow-Origin"] == "*"
    asked = replies[-1].json["challenge"]
    for number in (3, 4):
        assert submit(client, site, number, solved(asked)).status_code == 201
        asked = submit(client, site, 99).json.get("challenge", asked)
    assert submit(client, site, 99).json["type"] == "/problems/too-many-requests"
    assert submit(client, site, 99, solved(asked)).json["type"] == "/problems/too-many-requests"
    assert [str(row.id)[-1] for row in stored(database)] == ["1", "2", "3", "4"]


def test_a28_a_proof_lets_in_one_submission_and_no_second(client, site):
    proof = solved(asked_of(client, site))
    assert submit(client, site, 1, proof).status_code == 201
    again = submit(client, site, 2, proof)
    assert (again.status_code, again.json["type"]) == (429, "/problems/proof-required")
    assert not proof.startswith(again.json["challenge"])


def test_a28_a_proof_that_comes_when_nothing_is_left_may_still_be_used_later(client, site, app: Flask):
    proof = solved(asked_of(client, site))
    limits: Limits = app.extensions["lukewarm.limits"]
    for owner in list(limits._even):
        limits._even[owner] += 60
    assert submit(client, site, 1, proof).json["type"] == "/problems/too-many-requests"
    for owner in list(limits._even):
        limits._even[owner] -= 60
    assert submit(client, site, 1, proof).status_code == 201


def test_a28_a_proof_is_good_for_its_site_its_network_and_its_time(client, site, database, clock):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    elsewhere = "203.0.113.8"
    asked_of(client, other)
    asked_of(client, site, elsewhere)
    proof = solved(asked_of(client, site))
    assert submit(client, other, 1, proof).json["type"] == "/problems/proof-required"
    assert submit(client, site, 1, proof, elsewhere).json["type"] == "/problems/proof-required"
    clock.move(LASTS)
    assert submit(client, site, 1, proof).json["type"] == "/problems/proof-required"
    clock.move(-timedelta(seconds=1))
    assert submit(client, site, 1, proof).status_code == 201


def edited(proof: str) -> dict[str, str]:
    """Proofs of which somebody changed something."""
    difficulty, expires, salt, signature, number = proof.split(".")
    wrong = next(n for n in count(int(number) + 1) if not is_solved(signature, n, int(difficulty)))
    return {
        "a later end": f"{difficulty}.{int(expires) + 600}.{salt}.{signature}.{number}",
        "less work": f"1.{expires}.{salt}.{signature}.{number}",
        "no work": f"0.{expires}.{salt}.{signature}.{number}",
        "another salt": f"{difficulty}.{expires}.{salt[::-1]}.{signature}.{number}",
        "a part moved over": f"{difficulty}{expires[0]}.{expires[1:]}0.{salt}.{signature}.{number}",
        "another number": f"{difficulty}.{expires}.{salt}.{signature}.{wrong}",
        "a number in other digits": f"{difficulty}.{expires}.{salt}.{signature}.{number}".replace("1", "\u0661"),
        "another signature": f"{difficulty}.{expires}.{salt}.{signature[::-1]}.{number}",
        "no number": f"{difficulty}.{expires}.{salt}.{signature}.",
        "more": f"{proof}.0",
        "nothing": "",
        "a long one": "1." * 50_000,
    }  # fmt: skip


def test_a28_nothing_of_a_proof_can_be_changed():
    proof = solved(challenge(KEY, "site_a", HERE, NOW, difficulty=8))
    assert proven(KEY, proof, "site_a", HERE, NOW) is not None
    for what, changed in edited(proof).items():
        assert proven(KEY, changed, "site_a", HERE, NOW) is None, what
    for key, site, network in ((b"another key", "site_a", HERE), (KEY, "site_", f"a{HERE}"), (KEY, "site_b", HERE)):
        assert proven(key, proof, site, network, NOW) is None


def test_a28_an_edited_proof_is_none_at_the_door(client, site):
    proof = solved(asked_of(client, site))
    for what in ("a later end", "less work", "another number"):
        reply = submit(client, site, 1, edited(proof)[what])
        assert (reply.status_code, reply.json["type"]) == (429, "/problems/proof-required"), what


@pytest.mark.parametrize("marked", [{"trap": "spam"}, {"seconds": 0.01}])
def test_a28_whoever_comes_next_from_where_no_person_sent_is_asked(client, site, database, marked):
    sent = send(client, site, submission(1, **marked), **{"X-Forwarded-For": HERE})
    assert (sent.status_code, sent.json["follow_up"]) == (201, None)
    asked = submit(client, site, 2)
    assert (asked.status_code, asked.json["type"]) == (429, "/problems/proof-required")
    assert submit(client, site, 2, solved(asked.json["challenge"])).status_code == 201
    assert submit(client, site, 3, address="203.0.113.8").status_code == 201
    assert [str(row.id)[-1] for row in stored(database)] == ["1", "2", "3"]


def test_a28_who_cannot_work_waits_as_before_and_a_form_without_a_script_has_the_whole_share(
    settings, database, site, clock
):
    app = create_app(replace(settings, trusted_proxies=0), database, now=clock)
    statuses = []
    for _ in range(5):
        visitor = Visitor(app.test_client(), site, clock)
        statuses.append(visitor.send(score="8").status_code)
    assert statuses == [303] * 4 + [429]


def test_a28_switched_off_nobody_is_asked(settings, database, site):
    client = create_app(replace(settings, proof_of_work="off"), database).test_client()
    client.get(f"/v1/sites/{site.key}/survey")
    replies = [send(client, site, submission(number)) for number in range(5)]
    assert [reply.status_code for reply in replies] == [201] * 4 + [429]
    assert replies[4].json["type"] == "/problems/too-many-requests"


def test_a28_proofs_are_forgotten_when_they_are_over(client, site, database, clock):
    assert submit(client, site, 1, solved(asked_of(client, site))).status_code == 201
    assert forget(database, clock()) == 0
    assert forget(database, clock() + LASTS) == 1
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(SpentProofRow)) == 0


def test_a28_ordinary_traffic_is_never_asked():
    """Half an hour at a site that takes six in ten of all that it may: every tenth visitor sits in one large office, which uses
    six in ten of its own share as well, the others come from anywhere. When each comes is drawn."""
    draw, asked = random.Random(28), 0
    rates = Rates(network=60, site=600, total=60_000)
    admission = Admission(rates, Limits(), lambda site: True, lambda site, network: "")
    now, sent = 0.0, 0
    while now < 1800:
        now += draw.expovariate(6)
        sent += 1
        address = "203.0.113.1" if draw.random() < 0.1 else f"198.51.{draw.randrange(256)}.{draw.randrange(256)}"
        try:
            admission.submission(address, "s", now)
        except TooManyRequests as refused:
            asked += isinstance(refused, ProofRequired)
    assert sent > 10_000
    assert asked == 0


def test_a28_the_work_is_what_it_says():
    """How many numbers have to be tried: those that solve are as rare as the difficulty says."""
    found = sum(is_solved("5f" * 16, number, 8) for number in range(256 * 100))
    assert 70 <= found <= 130
    assert DIFFICULTY == 16
