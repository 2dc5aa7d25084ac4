"""The page that a mail leads to: scanners record nothing, people answer with one button, other links open nothing."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from collector.db import Database
from collector.exports.queries import exported_responses
from collector.followups.queries import replaced, unconfirmed
from collector.followups.state import OPEN_FOR
from collector.followups.uncounted import MOST_UNCOUNTED
from collector.intake.actions import erase_response
from collector.responses.filters import Filter
from collector.responses.token import make_token
from collector.signing import token_for
from tests.make import NOW, submission_id
from tests.reaching.conftest import KEY, ROOT, Installation, links
from tests.reaching.conftest import app as app
from tests.reaching.conftest import here as here
from tests.reaching.conftest import mails as mails
from tests.reaching.test_reach import DUE


@pytest.fixture
def link(here: Installation) -> str:
    here.person(1)
    here.clock.time = DUE
    here.work()
    here.clock.move(timedelta(hours=3))
    return links(here.sent()[0])[0]


def nonce(page: str) -> str:
    return re.search(r'name="nonce" value="([^"]+)"', page)[1]


def press(here: Installation, link: str, **fields: object):
    path = link.partition("?")[0]
    return here.client.post(path, data={"nonce": nonce(here.client.get(link).text), **fields})


def stored(database: Database) -> tuple[str, tuple[str, ...], str]:
    with database.reading() as tx:
        (row,) = exported_responses(tx, None, Filter())
    return row.follow_up_state, row.answer_areas, row.answer


def test_one_tap_and_one_button_answer(here, link, database):
    page = here.client.get(link)
    area = link.partition("area=")[2]
    assert re.findall(r'value="([^"]+)" checked', page.text) == [area]
    reply = press(here, link, area=area, text=" Too slow \r\n on Mondays ")
    assert reply.status_code == 200
    assert "Your answer is saved" in reply.text
    assert stored(database) == ("answered", (area,), "Too slow \n on Mondays")
    with database.reading() as tx:
        assert exported_responses(tx, None, Filter())[0].answered_by == "email"


def test_an_answer_may_be_replaced_and_is_never_shown_to_whoever_has_the_link(here, link, database):
    """A-45."""
    press(here, link, text="My own words")
    page = here.client.get(link).text
    assert "My own words" not in page
    assert "takes its place" in page
    press(here, link, text="Other words")
    assert stored(database)[2] == "Other words"
    with database.reading() as tx:
        (before,) = replaced(tx, here.site.id, UUID(submission_id(1)))
    assert before.text == "My own words"


def test_the_same_form_sent_twice_answers_once_and_burns_no_link(here, link, database):
    """A-43."""
    form = {"nonce": nonce(here.client.get(link).text), "text": "Words"}
    for _ in range(2):
        assert "Your answer is saved" in here.client.post(link.partition("?")[0], data=form).text
    assert stored(database)[2] == "Words"
    with database.reading() as tx:
        assert replaced(tx, here.site.id, UUID(submission_id(1))) == []
    here.clock.move(timedelta(days=20))
    press(here, link, text="Other words")
    assert stored(database)[2] == "Other words"


def test_opening_links_records_nothing(here, link, database):
    """A-40, A-44, A-47."""
    for method in ("get", "head"):
        for other in links(here.sent()[0]):
            reply = getattr(here.client, method)(other, headers={"Sec-Purpose": "prefetch"})
            assert reply.status_code == 200
            assert reply.headers["Referrer-Policy"] == "no-referrer"
            assert reply.headers["Cache-Control"] == "no-store"
            assert "noindex" in reply.headers["X-Robots-Tag"]
    assert stored(database) == ("sent", (), "")


def held(database: Database) -> list[tuple[str, str]]:
    with database.reading() as tx:
        return [(one.why, one.text) for one in unconfirmed(tx)]


def decoy(here: Installation) -> str:
    html = here.sent()[0].get_body(("html",)).get_content()
    return re.search(rf'href="{ROOT}(/l/[^"]+)"', html)[1]


def test_a_form_that_nobody_was_shown_is_held_and_does_not_count(here, link, database):
    path = link.partition("?")[0]
    for wrong in ("", "1.f.x", "é", nonce(here.client.get(link).text)[:-1], "9" * 40):
        reply = here.client.post(path, data={"nonce": wrong, "text": "robot"})
        assert "press once more" in reply.text
    assert stored(database) == ("sent", (), "")
    assert held(database) == [("unshown", "robot")]


def test_a_button_pressed_within_seconds_of_delivery_is_held_until_it_is_pressed_again(here, database):
    """A-42: a program that runs scripts and presses buttons."""
    here.person(1)
    here.clock.time = DUE
    here.work()
    here.clock.move(timedelta(seconds=20))
    link = links(here.sent()[0])[0]
    shown = press(here, link, text="Quick words")
    assert "press once more" in shown.text
    assert "Quick words" in shown.text
    assert (stored(database)[0], held(database)) == ("sent", [("quick", "Quick words")])
    here.client.post(link.partition("?")[0], data={"nonce": nonce(shown.text), "text": "Quick words"})
    assert (stored(database), held(database)) == (("answered", (), "Quick words"), [])


def test_what_follows_every_link_gives_itself_away_and_its_answer_is_held(here, link, database):
    """A-41: hours after delivery; A-42: and then it presses the button. A person is asked to press once more for an hour."""
    assert here.client.get(decoy(here)).status_code == 200
    for other in links(here.sent()[0]):
        here.client.get(other)
    assert stored(database) == ("sent", (), "")
    area = link.partition("area=")[2]
    shown = press(here, link, area=area)
    assert (stored(database)[0], [why for why, _ in held(database)]) == ("sent", ["scanned"])
    here.client.post(link.partition("?")[0], data={"nonce": nonce(shown.text), "area": area})
    assert (stored(database)[:2], held(database)) == (("answered", (area,)), [])
    here.clock.move(timedelta(hours=1))
    press(here, link, text="Later words")
    assert stored(database)[2] == "Later words"


def test_a_browser_that_looks_ahead_is_no_program_that_scans(here, link, database):
    """A-44."""
    here.client.get(decoy(here), headers={"Sec-Purpose": "prefetch;prerender"})
    press(here, link, text="A person's words")
    assert (stored(database)[2], held(database)) == ("A person's words", [])


def test_no_person_sees_the_link_that_gives_programs_away(here, link):
    plain, html = (here.sent()[0].get_body((kind,)).get_content() for kind in ("plain", "html"))
    inside = f'<a href="{ROOT}{decoy(here)}" tabindex="-1"></a></div>'
    assert re.search(f'<div style="display:none;[^"]*" aria-hidden="true">{inside}', html)
    assert "/l/" not in plain


def test_what_waits_goes_when_the_response_is_erased(here, link, database):
    here.client.post(link.partition("?")[0], data={"nonce": "", "text": "robot"})
    with database.writing() as tx:
        erase_response(tx, make_token(KEY, here.site.id, UUID(submission_id(1))), KEY, here.clock())
    assert held(database) == []


def test_what_waits_is_listed_and_kept_within_bounds(here, link, database):
    path = link.partition("?")[0]
    for number in range(MOST_UNCOUNTED + 3):
        here.client.post(path, data={"nonce": "", "text": f"robot {number}"})
    assert [text for _, text in held(database)] == [f"robot {number}" for number in range(3, MOST_UNCOUNTED + 3)]


def test_a_form_lies_open_for_two_days(here, link, database):
    old = nonce(here.client.get(link).text)
    here.clock.move(timedelta(days=2, seconds=1))
    reply = here.client.post(link.partition("?")[0], data={"nonce": old, "text": "Words"})
    assert "press once more" in reply.text
    assert ">Words<" in reply.text
    here.client.post(link.partition("?")[0], data={"nonce": nonce(reply.text), "text": "Words"})
    assert stored(database)[2] == "Words"


def test_an_answer_that_is_none_is_asked_for_again_and_areas_that_were_not_offered_are_left_out(here, link, database):
    for fields in ({}, {"text": "  "}, {"text": "x" * 4001}):
        reply = press(here, link, **fields)
        assert (reply.status_code, "Choose something" in reply.text) == (422, True)
        assert stored(database)[0] == "sent"
    press(here, link, area="moon", text="Words")
    assert stored(database) == ("answered", (), "Words")


def test_what_is_written_is_shown_as_text(here, link):
    reply = here.client.post(link.partition("?")[0], data={"nonce": "", "text": "</textarea><script>alert(1)</script>"})
    assert "<script" not in reply.text


def test_links_cut_short_for_another_purpose_or_too_late_look_all_the_same(here, link, site):
    """A-46, A-49."""
    first = UUID(submission_id(1))
    token = link.removeprefix("/a/").partition("?")[0]
    others = [token_for(KEY, purpose, site.id, first) for purpose in ("unsubscribe", "response", "follow-up")]
    others += [token[:-1], token + "A", token_for(KEY, "answer", site.id, UUID(submission_id(9))), "x", "é"]
    pages = [here.client.get(f"/a/{other}") for other in others]
    pages += [here.client.post(f"/a/{other}", data={"text": "x"}) for other in others]
    here.clock.time = NOW + OPEN_FOR
    pages.append(here.client.get(link))
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


def test_no_parameter_leads_elsewhere(here, link):
    """A-48."""
    page = here.client.get(link + "&next=//evil.example&area=javascript:alert(1)&return=https://evil.example")
    assert "evil" not in page.text
    assert "Location" not in page.headers
