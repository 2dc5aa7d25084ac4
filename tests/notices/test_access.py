"""Letters with which members come in: an invitation, a link for a new password."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.accounts.models import ResetRow
from collector.accounts.people.actions import rename_team
from collector.accounts.people.queries import invitations
from collector.app import create_app
from collector.channels.delivery import Outcome
from collector.channels.providers import providers_for
from collector.notices.access.letters import invitation
from collector.outbox.models import EntryRow
from collector.reaching.outward import Outward
from collector.web.guards import Role
from tests.make import NOW, PASSWORD, let_in, make_member
from tests.notices.conftest import KEY, ROOT, SENDER, Team
from tests.servers.mail import MailServer

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def owner(here: Team) -> FlaskClient:
    """The owner, at another address of ours than the one that the operator set."""
    with here.database.writing() as tx:
        let_in(here.client, tx, here.member)
    here.client.environ_base["HTTP_HOST"] = "evil.example"
    return here.client


def ask(app: Flask, email: str, **headers: str):
    """The answer to a stranger who forgot the password of an address."""
    return app.test_client().post("/forgot", data={"email": email}, headers=OURS | headers)


def links_in(letter: EmailMessage) -> set[str]:
    """The addresses that a letter leads to, in both of its forms."""
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    return set(re.findall(r"https?://[^\s\"<>]+", plain + html))


def test_an_invitation_goes_to_its_address_through_a_mail_server_and_lets_in_once(
    here: Team, app: Flask, owner: FlaskClient
):
    page = owner.post("/team/invitations", data={"email": "Bo@example.com", "role": "editor"}).text
    copied = re.search(r"http://ask\.example\.com(/invitations/[\w-]+)", page)
    assert copied is not None
    assert "on its way" in page
    with MailServer() as mails:
        here.work(outward=smtp(mails))
        ((recipient, content),) = mails.taken
    letter = message_from_bytes(content, policy=policy.default)
    assert (recipient, letter["To"], letter["Auto-Submitted"]) == ("bo@example.com", "bo@example.com", "auto-generated")
    assert links_in(letter) == {f"{ROOT}{copied[1]}"}
    stranger = app.test_client()
    typed = {"name": "Bo", "password": PASSWORD}
    assert stranger.post(copied[1], data=typed, headers=OURS).status_code == 303
    assert app.test_client().post(copied[1], data=typed, headers=OURS).status_code == 404


def test_of_all_that_people_write_only_the_teams_name_stands_in_the_letter(here: Team, owner: FlaskClient):
    with here.database.writing() as tx:
        rename_team(tx, here.site.team, "A & <b>B</b> " + "x" * 100)
    owner.post("/team/invitations", data={"email": "bo@example.com", "role": "viewer"})
    here.work()
    [letter] = here.letters()
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert "A & <b>B</b> x" in plain
    assert "<b>" not in html
    assert "x" * 60 not in plain + html + letter["Subject"]
    assert "Owner" not in plain + html  # the name of whoever invites
    assert "\n" not in invitation("a\r\nBcc: eve@example.com", "viewer", NOW, ROOT).subject


def test_what_is_withdrawn_before_it_went_is_not_sent(here: Team, owner: FlaskClient):
    for _ in range(2):  # the second one ends the first
        owner.post("/team/invitations", data={"email": "bo@example.com", "role": "viewer"})
    here.work()
    assert len(here.letters()) == 1
    owner.post("/team/invitations", data={"email": "cy@example.com", "role": "viewer"})
    number = re.search(r"/team/invitations/(\d+)/withdraw", owner.get("/team").text)
    assert number is not None
    owner.post(f"/team/invitations/{number[1]}/withdraw")
    here.work()
    assert len(here.letters()) == 1


def test_a80_asking_says_and_does_the_same_for_every_address(here: Team, app: Flask):
    replies = [ask(app, email) for email in ("owner@home.example", "nobody@home.example", "", "a@b\x00")]
    assert {(reply.status_code, reply.text) for reply in replies} == {(200, replies[0].text)}
    with here.database.reading() as tx:
        waiting = tx.scalars(select(EntryRow.kind)).all()
        assert tx.scalars(select(ResetRow)).all() == []  # nothing is made for anybody while somebody waits
    assert waiting == ["reset.send"] * 4
    here.work()
    assert [letter["To"] for letter in here.letters()] == ["owner@home.example"]


def test_a_link_for_a_new_password_is_the_members_own_and_works_once_for_an_hour(here: Team, app: Flask):
    ask(app, " Owner@Home.example ", Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
    here.work()
    [letter] = here.letters()
    [link] = links_in(letter)
    assert link.startswith(f"{ROOT}/reset/lwp_")
    path, stranger = link.removeprefix(ROOT), app.test_client()
    assert stranger.get(path).status_code == 200  # programs that look through mail use nothing up
    here.clock.move(timedelta(minutes=59))
    new = {"password": "another long battery"}
    assert stranger.post(path, data=new, headers=OURS).location == "/login?done=password"
    assert stranger.post(path, data=new, headers=OURS).status_code == 404
    signed = app.test_client().post("/login", data={"email": "owner@home.example", **new}, headers=OURS)
    assert signed.status_code == 303
    ask(app, "owner@home.example")
    here.work()
    late = links_in(here.letters()[1]).pop().removeprefix(ROOT)
    here.clock.move(timedelta(minutes=61))
    assert stranger.get(late).status_code == 404


def refusing(step: str, reply: str) -> MailServer:
    """A mail server that refuses every letter in a step."""
    return MailServer({step: lambda _server: reply})


def smtp(server: MailServer) -> Outward:
    return Outward(providers_for(f"smtp://127.0.0.1:{server.port}?tls=off", None, SENDER), SENDER, ROOT, KEY)


@pytest.mark.parametrize(
    ("step", "reply", "why"),
    [
        ("rcpt", "550 5.1.1 No such user <b>", "there is no mailbox of this address (550)"),
        ("rcpt", "550 No", "the mail server does not take mail for this address (550)"),
        ("content", "554 5.7.1 Spam", "the mail server refuses mail of this installation (554)"),
    ],
)
def test_an_invitation_that_the_mail_server_refuses_is_told_with_its_reason_and_the_link_at_hand(
    here: Team, app: Flask, owner: FlaskClient, step: str, reply: str, why: str
):
    owner.post("/team/invitations", data={"email": "bo@example.com", "role": "viewer"})
    with refusing(step, reply) as server:
        here.work(outward=smtp(server))
    assert waiting(here, "invitation.send") == []
    assert f"The mail could not be delivered: {why}. Copy the link and send it yourself." in owner.get("/team").text
    assert "could not deliver the mail that invites <bdi>bo@example.com</bdi>" in (log := owner.get("/team/log").text)
    assert f"why: {why}" in log
    number = re.search(r"/team/invitations/(\d+)/link", owner.get("/team").text)
    assert number is not None
    shown = re.search(r"http://ask\.example\.com(/invitations/[\w-]+)", owner.post(number[0]).text)
    assert shown is not None
    typed = {"name": "Bo", "password": PASSWORD}
    assert app.test_client().post(shown[1], data=typed, headers=OURS).status_code == 303
    assert owner.post(number[0]).status_code == 404


def test_an_invitation_waits_for_a_mail_server_that_is_away_for_as_long_as_its_link_lasts(
    here: Team, owner: FlaskClient
):
    owner.post("/team/invitations", data={"email": "bo@example.com", "role": "viewer"})
    nobody = Outward(providers_for("smtp://127.0.0.1:9?tls=off", None, SENDER), SENDER, ROOT, KEY)
    here.work(outward=nobody)
    assert "The mail is not delivered yet: the mail server could not be reached" in owner.get("/team").text
    for _ in range(30):
        here.work(timedelta(hours=4), nobody)
    assert waiting(here, "invitation.send") == []
    with here.database.reading() as tx:
        [kept] = invitations(tx, here.site.team)
    assert (kept.letter.state if kept.letter else None) == "undeliverable"


def test_a_letter_for_a_new_password_that_is_refused_is_told_to_owners_of_the_member_until_it_is_needed_no_more(
    here: Team, app: Flask, owner: FlaskClient
):
    with here.database.writing() as tx:
        make_member(tx, Role.viewer)
    told = "The mail could not be delivered: the mailbox is full (552)."
    with refusing("rcpt", "552 5.2.2 Full") as server:
        ask(app, "viewer@home.example")
        here.work(outward=smtp(server))
    assert told in owner.get("/team").text
    assert "to <bdi>viewer@home.example</bdi>" in owner.get("/team/log").text
    viewer = app.test_client()
    assert viewer.post("/login", data={"email": "viewer@home.example", "password": PASSWORD}, headers=OURS).location
    assert told not in viewer.get("/team").text
    here.clock.move(timedelta(minutes=1))
    ask(app, "viewer@home.example")
    here.work()
    assert told not in owner.get("/team").text


def waiting(here: Team, kind: str) -> list[int]:
    """The orders of a kind that still stand."""
    with here.database.reading() as tx:
        return list(tx.scalars(select(EntryRow.id).where(EntryRow.kind == kind)))


class Away:
    """A mail server that takes nothing until it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.outcome = Outcome("deferred", "connect lost")

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        self.letters.append(message)
        return self.outcome

    def rest(self) -> None: ...


def test_while_the_mail_server_is_away_a_letter_waits_and_the_last_link_counts(here: Team, app: Flask):
    server = Away()
    outward = Outward({"email": server}, SENDER, ROOT, KEY)
    ask(app, "owner@home.example")
    here.work(outward=outward)
    server.outcome = Outcome("sent", "250")
    here.work(timedelta(minutes=1), outward)
    first, second = (links_in(letter).pop().removeprefix(ROOT) for letter in server.letters)
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    server.outcome = Outcome("deferred", "connect lost")
    ask(app, "owner@home.example")
    here.work(outward=outward)
    here.work(timedelta(hours=2), outward)  # nobody waits for it any more
    assert len(server.letters) == 3
    assert waiting(here, "reset.send") == []


def test_letters_to_one_address_are_few_and_cost_no_try_to_sign_in(here: Team, app: Flask):
    replies = [ask(app, "owner@home.example").status_code for _ in range(4)]
    assert replies == [200, 200, 200, 429]
    assert [ask(app, "nobody@home.example").status_code for _ in range(4)] == replies
    typed = {"email": "owner@home.example", "password": PASSWORD}
    assert app.test_client().post("/login", data=typed, headers=OURS).status_code == 303


def test_an_owner_has_a_link_sent_to_a_member_of_the_team_and_to_nobody_else(
    here: Team, app: Flask, owner: FlaskClient
):
    with here.database.writing() as tx:
        mate = make_member(tx, Role.viewer)
        foreign = make_member(tx, Role.viewer, team="Other")
    assert owner.post(f"/team/people/{mate}/reset-letter").location == "/team?done=reset_sent"
    assert owner.post(f"/team/people/{foreign}/reset-letter").status_code == 404
    assert f"/team/people/{mate}/reset-letter" in owner.get("/team").text
    here.work()
    assert [letter["To"] for letter in here.letters()] == ["viewer@home.example"]


def test_where_no_mail_is_sent_the_door_says_who_helps(settings, database, client: FlaskClient, here: Team):
    assert 'href="/forgot"' in client.get("/login").text
    mute = replace(settings, smtp_url=None, mail_folder=None, mail_from=None)
    silent = create_app(mute, database, now=here.clock).test_client()
    assert "An owner of your team" in silent.get("/login").text
    assert silent.get("/forgot").status_code == silent.post("/forgot", headers=OURS).status_code == 404
