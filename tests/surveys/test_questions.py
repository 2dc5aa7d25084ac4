"""A site's own questions, stored with its survey."""

import json

import pytest

from collector.db import Database
from collector.problems import ValidationFailed
from collector.surveys.actions import set_questions
from collector.surveys.queries import surveys_of
from tests.make import make_site

OWN = {"question": [{"key": "q", "frame": "open", "kind": "text", "text": {"en": "What now?"}}]}


def test_own_questions_are_kept_replaced_and_taken_away(database: Database):
    with database.writing() as tx:
        site = make_site(tx)
        assert surveys_of(tx, site.id)[0].questions == ""
        set_questions(tx, surveys_of(tx, site.id)[0], OWN)
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        assert json.loads(survey.questions) == OWN
        set_questions(tx, survey, None)
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].questions == ""


def test_questions_that_cannot_be_asked_change_nothing(database: Database):
    with database.writing() as tx:
        site = make_site(tx)
        survey = surveys_of(tx, site.id)[0]
        with pytest.raises(ValidationFailed) as refused:
            set_questions(tx, survey, {"question": [{**OWN["question"][0], "score": ["7"]}]})
        assert [fault.pointer for fault in refused.value.faults] == ["/question/0/score"]
        assert surveys_of(tx, site.id)[0].questions == ""
