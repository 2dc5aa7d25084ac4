"""Which follow-up a submission gets, through HTTP: in the reader's language, in one of several wordings, or the owner's own."""

import json

import pytest
from sqlalchemy import select

from collector.db import Database
from collector.followups.models import FollowUpRow
from collector.questions import pack
from collector.surveys.actions import set_questions
from collector.surveys.queries import surveys_of
from tests.make import ORIGIN, make_site, submission

OWN = {"question": [{"key": "mine", "frame": "open", "kind": "text", "text": {"en": "What now?", "fr": "Et alors ?"}}]}


def asked(client, site, number: int = 1, **parts) -> str:
    reply = client.post(
        f"/v1/sites/{site.key}/responses",
        data=json.dumps(submission(number, **parts)),
        headers={"Origin": ORIGIN, "Content-Type": "text/plain"},
    )
    assert reply.status_code == 201
    return reply.json["follow_up"]["question"]


@pytest.mark.parametrize("language", ["fr", "fr-CA"])
def test_somebody_who_writes_french_on_an_english_site_is_asked_in_french(client, site, language):
    question = asked(client, site, score=7, comment="Le colis a mis neuf jours jusqu’à Lille", language=language)
    assert question == "Merci. Que devrions-nous faire autrement à la prochaine livraison\u202f?"


def test_the_wording_that_was_shown_is_stored_with_its_probability(client, database: Database):
    with database.writing() as tx:
        site = make_site(tx, industry="neutral")
    shown = [asked(client, site, number, score=7) for number in range(12)]
    wordings = next(question.variants for question in pack("neutral", "en").questions if question.key == "silent-7")
    with database.reading() as tx:
        rows = tx.execute(
            select(FollowUpRow.text, FollowUpRow.variant, FollowUpRow.probability).order_by(FollowUpRow.id)
        ).all()
    assert {text for text, _, _ in rows} == set(shown) == set(wordings)
    assert [text for text, _, _ in rows] == [wordings[variant - 1] for _, variant, _ in rows]
    assert {probability for *_, probability in rows} == {0.5}


def test_a_site_s_own_question_is_asked_first_and_changes_the_version(client, site, database: Database):
    with database.writing() as tx:
        set_questions(tx, surveys_of(tx, site.id)[0], OWN)
    assert asked(client, site, 1) == "What now?"
    assert asked(client, site, 2, language="fr", comment="Le colis a mis neuf jours jusqu’à Lille") == "Et alors ?"
    with database.reading() as tx:
        assert set(tx.scalars(select(FollowUpRow.pack))) == {"own"}
