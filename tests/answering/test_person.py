"""What a person does about their feedback: sees what became of it, takes the answer back, says when to be asked, erases all."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from collector.answering.person.queries import LINK_GOOD_FOR
from collector.channels.delivery import Outcome
from collector.contacts.actions import forget_address
from collector.contacts.address import read_address
from collector.contacts.queries import contacts_of_site
from collector.db import Database
from collector.exports.queries import exported_responses
from collector.followups.state import CORRECTABLE_FOR, OPEN_FOR
from collector.outbox.models import EntryRow
from collector.reaching.queries import reached
from collector.responses.filters import Filter
from collector.signing import token_for
from tests.answering.test_page import link as link
from tests.answering.test_page import nonce, press, stored
from tests.make import NOW, submission_id
from tests.reaching.conftest import KEY, Installation, links
from tests.reaching.conftest import app as app
from tests.reaching.conftest import here as here
from tests.reaching.conftest import mails as mails
from tests.reaching.test_reach import DUE, Server

WORDS = "Nobody else shall read this"


@pytest.fixture
def mine(link: str) -> str:
    return f"{link.partition('?')[0]}/mine"


def do(here: Installation, page: str, to: str | None = None, **fields: str):
    """Opens a page and sends the form on it."""
    return here.client.post(
        to or page, data={"nonce": nonce(here.client.get(page).text), **fields}, follow_redirects=True
    )


def exported(database: Database):
    with database.reading() as tx:
        return exported_responses(tx, None, Filter())


def own_link(here: Installation, mine: str) -> str:
    """Asks for the link to what was said, and takes it out of the mail."""
    assert "on its way" in do(here, mine, mine.replace("/mine", "/link")).text
    here.work()
    (mail,) = [mail for mail in here.sent() if mail["Subject"] == "Your feedback to Shop"]
    return links(mail)[0]


def test_they_see_what_became_of_it(here, link, mine, database):
    assert "open until 2027-01-21" in here.client.get(mine).text
    here.client.post(link.partition("?")[0], data={"nonce": "", "text": "robot"})
    assert "not confirmed yet" in here.client.get(mine).text
    assert ">robot" not in here.client.get(mine).text
    press(here, link, text=WORDS)
    assert f"Your answer of {here.clock().date()}" in here.client.get(mine).text


def test_a45_whoever_was_forwarded_the_mail_sees_nothing_that_was_said(here, database):
    here.person(1, comment=f"{WORDS} 1")
    here.clock.time = DUE
    here.work()
    here.clock.move(timedelta(hours=3))
    link = links(here.sent()[0])[0]
    press(here, link, text=f"{WORDS} 2")
    root = link.partition("?")[0]
    for page in (root, f"{root}/mine", f"{root}/withdraw"):
        text = here.client.get(page).text
        assert WORDS not in text
        assert "ann@" not in text
        assert "/r/" not in text


def test_an_answer_is_taken_back_after_one_more_press_and_is_gone(here, link, mine, database):
    press(here, link, text="First words")
    press(here, link, text=WORDS)
    withdraw = mine.replace("/mine", "/withdraw")
    assert "will be deleted" in here.client.get(withdraw).text
    here.client.post(withdraw, data={"nonce": "1.f.x"})
    assert stored(database)[2] == WORDS
    assert "You took your answer back" in do(here, withdraw).text
    assert stored(database) == ("cancelled", (), "")
    assert exported(database)[0].answered_by is None
    assert here.client.get(link).status_code == 404
    assert do(here, withdraw).status_code == 200
    with database.reading() as tx:
        kinds = [kind for (kind,) in tx.query(EntryRow.kind).filter(EntryRow.kind == "followup.withdrawn")]
    assert len(kinds) == 1
    here.clock.move(timedelta(days=30))
    here.work()
    assert len(here.sent()) == 1


def test_an_answer_is_replaced_for_thirty_days_whenever_the_question_ends(here, link, mine, database):
    here.clock.time = NOW + OPEN_FOR - timedelta(hours=1)
    press(here, link, text="Late words")
    here.clock.move(CORRECTABLE_FOR)
    assert "Change my answer" in here.client.get(mine).text
    press(here, link, text=WORDS)
    assert stored(database)[2] == WORDS
    here.clock.move(timedelta(seconds=1))
    page = here.client.get(mine).text
    assert ("Your answer of" in page, "Change my answer" in page, "Take my answer back" in page) == (True, False, True)
    assert here.client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("choice", "most", "why"),
    [
        ("usual", 2, "Asked and reminded once"),
        ("email", 2, "Asked and reminded once"),
        ("later", 2, "Asked and reminded once"),
        ("never", 1, "the person said stop"),
    ],
)
def test_what_they_choose_is_kept_to_with_its_reason(here, mine, choice, most, why):
    page = do(here, mine, when=choice)
    assert ("Saved." in page.text, f'value="{choice}" checked' in page.text) == (True, choice != "never")
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert len(here.sent()) == (2 if choice in ("usual", "email") else 1)
    if choice == "later":
        with here.database.reading() as tx:
            assert "not before the day from which this person wants to be asked" in reached(tx, here.site.id)[0].why
    here.clock.time = DUE + timedelta(days=35)
    here.work()
    assert len(here.sent()) == most
    with here.database.reading() as tx:
        assert why in reached(tx, here.site.id)[0].why


def test_a_choice_holds_for_the_mailbox_however_it_is_spelled_and_never_is_for_good(here, mine):
    do(here, mine, when="email")
    here.person(2, "Ann+x@example.com")
    with here.database.reading() as tx:
        assert [contact.only for contact in contacts_of_site(tx, here.site.id)] == ["email", "email"]
    form = nonce(here.client.get(mine).text)
    do(here, mine, when="never")
    assert 'name="when"' not in here.client.get(mine).text
    here.client.post(mine, data={"nonce": form, "when": "usual"})
    with here.database.reading() as tx:
        assert {address.suppressed for one in contacts_of_site(tx, here.site.id) for address in one.addresses} == {
            "unsubscribed"
        }


def test_a_choice_that_is_none_or_was_never_shown_changes_nothing(here, mine):
    for fields in ({}, {"when": "always"}, {"when": "never", "nonce": "1.f.x"}):
        here.client.post(mine, data={"nonce": nonce(here.client.get(mine).text), **fields})
        assert 'value="usual" checked' in here.client.get(mine).text, fields


def test_the_link_to_what_was_said_goes_to_the_address_itself_and_once(here, link, mine, database):
    press(here, link, text=WORDS)
    own = own_link(here, mine)
    assert "Send me the link" not in here.client.get(mine).text
    do(here, mine.replace("/mine", "/withdraw"), mine.replace("/mine", "/link"))
    here.work()
    assert [purpose for purpose, _ in here.deliveries()] == ["ask", "link"]
    way = re.search(r'href="(/r/[^"]+)"', here.client.get(own).text)[1]
    assert WORDS in here.client.get(way).text
    here.clock.move(LINK_GOOD_FOR)
    assert here.client.get(own).status_code == 404


def test_a_link_that_the_server_put_off_is_tried_again_and_sent_once(here, mine):
    do(here, mine, mine.replace("/mine", "/link"))
    here.work(Server(Outcome("deferred", "rcpt 450")))
    assert here.deliveries() == [("ask", "sent"), ("link", "deferred")]
    server = Server()
    for _ in range(3):
        here.clock.move(timedelta(minutes=5))
        here.work(server)
    assert (len(server.asked), here.deliveries()[1]) == (1, ("link", "sent"))


def test_the_link_is_no_question_and_does_not_stand_in_the_way_of_one(here, mine):
    own_link(here, mine)
    here.clock.time = DUE + timedelta(days=5)
    here.work()
    assert here.deliveries() == [("ask", "sent"), ("link", "sent"), ("remind", "sent")]
    mail = next(mail for mail in here.sent() if mail["Subject"] == "Your feedback to Shop")
    assert mail["List-Unsubscribe"]
    assert "?area=" not in mail.as_string()


def test_they_erase_all_that_they_said_on_this_site_and_themselves(here, mine, database):
    here.person(2, "Ann@example.com", comment=WORDS)
    here.person(3, "ben@example.com")
    own = own_link(here, mine)
    assert here.client.get(own).text.count("/r/") == 2
    assert "cannot be undone" in here.client.get(f"{own}/erase").text
    here.client.post(f"{own}/erase", data={"nonce": ""})
    assert len(exported(database)) == 3
    assert "Everything is deleted" in do(here, f"{own}/erase").text
    assert [str(row.id) for row in exported(database)] == [submission_id(3)]
    with database.reading() as tx:
        (left,) = contacts_of_site(tx, here.site.id)
    assert left.addresses[0].address == "ben@example.com"
    assert here.client.get(mine).status_code == 404
    here.clock.move(timedelta(days=60))
    here.work()
    assert "ann@example.com" not in {mail["To"] for mail in here.sent()[2:]}


def test_who_is_no_longer_known_is_offered_no_link_and_no_choice(here, link, mine, database):
    with database.writing() as tx:
        forget_address(tx, read_address("email", "ann@example.com"), here.clock())
    page = here.client.get(mine).text
    assert ("open until" in page, "Send me the link" in page, 'name="when"' in page) == (True, False, False)


def test_links_for_another_purpose_or_not_asked_for_look_all_the_same(here, link, mine, site):
    first = UUID(submission_id(1))
    made = {
        name: token_for(KEY, name, site.id, first) for name in ("answer", "own", "unsubscribe", "response", "decoy")
    }
    paths = [f"/a/{made[name]}/{page}" for name in made if name != "answer" for page in ("mine", "withdraw")]
    paths += [f"/m/{token}{rest}" for token in made.values() for rest in ("", "/erase")]
    pages = [here.client.get(path) for path in paths]
    pages += [here.client.post(path, data={}) for path in paths if path.endswith(("mine", "withdraw", "erase"))]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
