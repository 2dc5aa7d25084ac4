"""Searching in comments and answers: what is found, how soon, and what is forgotten."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event, func, select

from collector.db import Database
from collector.duties import ORDERS
from collector.inbox.actions import fill
from collector.inbox.jobs import ORDER, fill_search
from collector.reaching.outward import NO_WAY_OUT
from collector.responses.models import ResponseRow, ResponseTextRow
from collector.responses.search import MOST_SOUGHT, sought_in, words_of
from collector.sites.site import Site
from collector.worker import Worker
from tests.conftest import Clock
from tests.make import NOW, ORIGIN, make_key, make_site, submission, submission_id


class Searcher:
    """Submits, lets the worker work, and searches as a program of the team's."""

    def __init__(self, client: FlaskClient, database: Database, clock: Clock, site: Site) -> None:
        self.client, self.database, self.site = client, database, site
        self.worker = Worker(database, clock)
        with database.writing() as tx:
            self.key = make_key(tx, "responses:read")

    def say(self, number: int, comment: str, **parts: object) -> dict[str, str]:
        reply = self.client.post(
            f"/v1/sites/{self.site.key}/responses",
            json=submission(number, comment=comment, **parts),
            headers={"Origin": ORIGIN},
        )
        assert reply.status_code == 201, reply.text
        return reply.get_json()

    def found(self, text: str) -> list[str]:
        """The comments of what is found."""
        reply = self.client.get(
            "/api/responses", query_string={"text": text}, headers={"Authorization": f"Bearer {self.key}"}
        )
        assert reply.status_code == 200, reply.text
        return [item["comment"] for item in reply.get_json()["items"]]


@pytest.fixture
def searcher(client: FlaskClient, database: Database, clock: Clock, site: Site) -> Searcher:
    return Searcher(client, database, clock, site)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The export fails, fails!", "export fails the"),
        ("Größe, größer; Straße", "grosse grosser strasse"),
        ("Élève très à l’aise", "a aise eleve l tres"),
        ("Äänestys ei toimi", "aanestys ei toimi"),
        ("¿Cuánto? 8,50 €", "50 8 cuanto"),
        ("価格が高い", "い か 価 格 高"),
        ("한국어 요금", "요금 한국어"),
        ('snake_case\' & | ! * "quoted" NEAR(a b)', "a b case near quoted snake"),
        ("…", ""),
    ],
)
def test_words_are_folded_letters_and_digits_only(text: str, words: str):
    assert words_of(text) == words


def test_long_words_and_long_searches_are_cut():
    assert words_of("x" * 4000) == "x" * 40
    assert len(sought_in(" ".join(f"word{number}" for number in range(50)))) == MOST_SOUGHT
    assert sought_in("a price") == ("price",)
    assert sought_in("a 5") == ()


def test_the_beginning_of_a_word_finds_it_with_and_without_its_marks(searcher: Searcher):
    sought = {
        "crash CHECK": "The checkout crashed twice",
        "gebuhr": "Die Gebühren sind zu hoch",
        "tres charg": "Il est très lent à charger",
        "configuracion": "La configuración es difícil",
        "nakyv": "Hinnasto ei ole näkyvissä",
        "説明": "説明が分かりにくい",
    }
    for number, comment in enumerate(sought.values()):
        searcher.say(number, comment)
    assert [searcher.found(text) for text in sought] == [[] for _ in sought]
    searcher.worker.run_once()
    assert {text: searcher.found(text) for text in sought} == {text: [comment] for text, comment in sought.items()}


def test_on_postgresql_other_forms_of_a_word_are_found(searcher: Searcher):
    for number, comment in enumerate(("Billing is unclear", "Die Preise steigen", "Les paiements échouent"), 1):
        searcher.say(number, comment)
    searcher.worker.run_once()
    found = [searcher.found(text) for text in ("bills", "Preisen", "paiement")]
    exact = [[], [], ["Les paiements échouent"]]
    stemmed = [["Billing is unclear"], ["Die Preise steigen"], ["Les paiements échouent"]]
    assert found == (exact if searcher.database.embedded else stemmed)


def test_a69_what_is_typed_is_never_syntax(searcher: Searcher):
    searcher.say(1, "The price in the shop")
    searcher.worker.run_once()
    for text in (
        'a" OR words:*', "words : secret", "* *", "price NOT shop", "price NEAR/2 shop", "^price", "price:*|!x", "<->",
        "'; drop table response; --", "%" * 200, "_", "\\", "price) (", '"""', "price\u0000",
    ):  # fmt: skip
        reply = searcher.client.get(
            "/api/responses", query_string={"text": text}, headers={"Authorization": f"Bearer {searcher.key}"}
        )
        words = sought_in(text)
        assert (text, reply.status_code) == (text, 200 if words else 422)
        if words:
            comments = [item["comment"] for item in reply.get_json()["items"]]
            held = all(any(known.startswith(word) for known in ("the", "price", "in", "shop")) for word in words)
            assert (text, bool(comments)) == (text, held)


def test_responses_that_are_heard_of_together_cost_the_worker_no_statement_each(searcher: Searcher):
    statements: list[object] = []
    event.listen(searcher.database.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    searcher.worker.run_once()  # what the clock asks for
    needed = []
    for numbers in (range(1, 3), range(3, 23)):
        for number in numbers:
            searcher.say(number, f"Number {number} is fine", score=10)
        statements.clear()
        searcher.worker.run_once()
        needed.append(len(statements))
    assert len(searcher.found("fine")) == 22
    assert needed[1] == needed[0]


def test_what_was_amended_answered_and_erased_is_found_as_it_is_now(searcher: Searcher):
    receipt = searcher.say(1, "Too expensive for us", category="price")
    searcher.worker.run_once()
    assert searcher.found("expensive")
    searcher.client.post(f"/v1/responses/{receipt['token']}", json={"score": 8, "comment": "Cheap after all"})
    searcher.client.post(f"/v1/follow-ups/{receipt['follow_up']['token']}", json={"text": "The yearly plan"})
    searcher.worker.run_once()
    assert searcher.found("expensive") == []
    assert searcher.found("cheap yearly") == ["Cheap after all"]
    searcher.client.post(f"/r/{receipt['token']}/erase", headers={"Sec-Fetch-Site": "same-origin"})
    searcher.worker.run_once()
    with searcher.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(ResponseTextRow)) == 0
    assert searcher.found("cheap") == []


def test_what_was_there_before_is_filled_in_newest_first_and_ends(searcher: Searcher, clock: Clock):
    for number in range(1, 8):
        searcher.say(number, f"Older {number}" if number != 3 else "…")
    searcher.worker.run_once()
    with searcher.database.writing() as tx:
        tx.execute(delete(ResponseTextRow))
        assert fill(tx, 3) == 3
    assert searcher.found("older") == ["Older 5", "Older 6", "Older 7"]
    assert fill_search(searcher.database, NO_WAY_OUT, {}, NOW) == NOW + timedelta(seconds=1)
    assert fill_search(searcher.database, NO_WAY_OUT, {}, NOW) is None
    assert len(searcher.found("older")) == 6
    assert ORDERS[ORDER] is fill_search


def test_other_teams_words_are_not_found(searcher: Searcher, database: Database):
    with database.writing() as tx:
        other = make_site(tx, name="Elsewhere", team="Others")
    searcher.client.post(
        f"/v1/sites/{other.key}/responses", json=submission(9, comment="Their secret"), headers={"Origin": ORIGIN}
    )
    searcher.worker.run_once()
    with database.reading() as tx:
        assert tx.scalar(select(ResponseTextRow.words)) == "secret their"
        assert tx.scalar(select(ResponseRow.submission_id)) == UUID(submission_id(9))
    assert searcher.found("secret") == []
