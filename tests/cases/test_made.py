"""How a response becomes a case, and what becomes of the case when the person says more or erases it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from collector.cases.hearing.actions import forget_cases, hear_answered, hear_handed_over, open_cases
from collector.cases.models import CaseRow, CaseTagRow, EventRow, NoteRow
from collector.cases.queries import case_of, cases_of
from collector.events import Heard
from tests.cases.conftest import Team
from tests.make import make_member, make_site, submission_id


def test_a_finished_passive_from_a_person_becomes_a_case_by_itself(team: Team):
    said: list[dict[str, object]] = [
        {"score": 6}, {"score": 7}, {"score": 9}, {"score": 8, "partial": True}, {"score": 8, "trap": "filled"},
    ]  # fmt: skip
    for number, parts in enumerate(said):
        team.said(number, **parts)
    assert [(case.response, case.state) for case in team.cases()] == [(team.response(1), "new")]


def test_a_case_is_due_four_working_days_after_the_response_came(team: Team):
    team.said()  # on a Sunday
    assert team.case().due(team.clock()).day.isoformat() == "2026-11-26"
    assert (team.case().owner, team.case().response) == (None, team.response())


def test_what_is_told_twice_makes_one_case(team: Team):
    team.said()
    fact = Heard(team.site.team, team.site.id, UUID(submission_id(1)), "passive")

    def hear(_: int) -> None:
        with team.database.writing() as tx:
            open_cases(tx, [fact, fact], team.clock())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hear, range(4)))
    assert len(team.cases()) == 1


def test_a_response_that_is_finished_or_becomes_a_passive_becomes_a_case_then(team: Team):
    half = team.said(1, partial=True)
    critic = team.said(2, score=3)
    assert team.cases() == []
    team.amend(half, comment="Finished")
    team.amend(critic, score=7)
    assert len(team.cases()) == 2


def test_an_answer_takes_up_a_case_that_was_done_once(team: Team):
    receipt = team.said()
    team.press("ben", f"/cases/{team.case().id}/owner", owner=team.members["ben"], revision=0)
    team.move("ben", "done")
    team.clock.move(timedelta(days=5))
    token = receipt["follow_up"]["token"]
    assert team.app.test_client().post(f"/v1/follow-ups/{token}", json={"text": "The fee"}).status_code == 200
    team.work()
    case = team.case()
    assert (case.state, case.owner and case.owner.name, case.due(team.clock()).is_over) == ("working", "Ben", False)
    assert case.history[-1].words.startswith("The person answered the follow-up, so it was opened again")
    team.move("ben", "done")
    fact = Heard(team.site.team, team.site.id, UUID(submission_id(1)))
    with team.database.writing() as tx:
        hear_answered(tx, [fact], team.clock())
    assert team.case().state == "done"
    assert [event.kind for event in team.case().history].count("answered") == 1


@pytest.mark.parametrize(("left", "found"), [("waiting", "working"), ("done", "done")])
def test_who_was_asked_in_vain_is_the_teams_to_speak_with(team: Team, left: str, found: str):
    team.said()
    team.move("ben", left)
    team.clock.move(timedelta(days=20))
    fact = Heard(team.site.team, team.site.id, UUID(submission_id(1)))
    for _ in range(2):
        with team.database.writing() as tx:
            hear_handed_over(tx, [fact], team.clock())
    case = team.case()
    assert (case.state, case.due(team.clock()).is_over) == (found, found == "done")
    (told,) = [event.words for event in case.history if event.kind == "handed_over"]
    assert told.startswith("The person was asked and reminded and did not answer")


def test_other_words_take_up_what_waits_and_only_tell_of_themselves_otherwise(team: Team):
    receipt = team.said()
    team.clock.move(timedelta(minutes=1))
    team.amend(receipt, comment="First")
    assert (team.case().state, [event.kind for event in team.case().history]) == ("new", ["amended"])
    team.move("ben", "waiting")
    team.amend(receipt, comment="Second")
    assert team.case().state == "working"


def test_a_case_goes_with_all_that_was_written_about_it_when_the_response_is_erased(team: Team):
    receipt = team.said()
    number = team.case().id
    team.press("ben", f"/cases/{number}/notes", text="Said: it is too dear")
    team.press("ben", f"/cases/{number}/tags", name="price")
    team.erase(receipt)
    assert team.cases() == []  # at once, before the worker has heard of it
    assert team.press("ben", f"/cases/{number}/notes", text="More") == "404"
    team.work()
    with team.database.reading() as tx:
        for table in (CaseRow, CaseTagRow, EventRow, NoteRow):
            assert tx.scalar(select(func.count()).select_from(table)) == 0
    fact = Heard(team.site.team, team.site.id, UUID(submission_id(1)))
    with team.database.writing() as tx:
        forget_cases(tx, [fact], team.clock())


def test_any_response_becomes_a_case_by_a_press_and_stays_one(team: Team):
    team.said(score=10)
    path = f"/cases/of/{team.response()}"
    assert team.press("eve", path) == "403"
    for _ in range(2):
        assert team.press("ben", path) == f"/cases/{team.case().id if team.cases() else 1}?case=made"
    case = team.case()
    assert (case.state, case.due(team.clock()).day.isoformat()) == ("new", "2026-12-04")
    assert [event.words for event in case.history] == ["made this a case"]


def test_another_team_finds_none_of_it(team: Team):
    team.said()
    case = team.case()
    with team.database.writing() as tx:
        other = make_site(tx, name="Other", team="Other").team
        make_member(tx, team="Other")
    with team.database.reading() as tx:
        assert case_of(tx, other, case.response) is None
        assert cases_of(tx, other, [case.response]) == {}
        assert cases_of(tx, team.site.team, [case.response]).keys() == {case.response}
