"""Nobody reaches what belongs to another team: every route of members, with every role, for every kind of thing it names.

The routes are read off the application, so that a new one is tried too. What stands in their places is made by `THINGS`; a
parameter that is not there fails the run, and says so."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.accounts.actions import add_key, find_or_make_team, sign_in
from collector.accounts.models import InvitationRow, MemberRow, MembershipRow, SessionRow
from collector.accounts.passkeys.actions import add_passkey
from collector.accounts.passkeys.queries import passkeys_of
from collector.accounts.people.actions import invite
from collector.accounts.queries import signed_in
from collector.cases.actions import make_case, put_tag
from collector.cases.models import TagRow
from collector.db import Database
from collector.ids import new_uuid, public_id
from collector.inbox.actions import save_view
from collector.migrations.tables import METADATA
from collector.notices.actions import add_rule
from collector.notices.rule import Wanted
from collector.responses.aside.actions import move_numbered
from collector.responses.aside.press import Press
from collector.responses.models import ResponseRow
from collector.signing import token_for
from collector.surveys.queries import surveys_of
from collector.waves.models import WaveRow
from collector.web.guards import Role, policies
from tests.conftest import on_sqlite
from tests.make import NOW, let_in, make_member, make_site

#: Stands in everything that belongs to the other team; no page of ours may hold it.
MARK = "Zwölferkogel"
SECRET = b"a key for tests that is long enough to be one"
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Thing:
    """How one thing of a team is made for a member of it, and a name of this kind that nothing has."""

    make: Callable[[Session, str, int], object]
    missing: object


def _member(tx: Session, team: str, _: int) -> int:
    return make_member(tx, Role.viewer, team=team, email=f"{uuid4().hex}@{team}.example".lower().replace("ö", "oe"))


def _session(tx: Session, team: str, member: int) -> int:
    found = signed_in(tx, sign_in(tx, member, find_or_make_team(tx, team, NOW), MARK, NOW), NOW)
    assert found is not None
    return found.member.session


def _passkey(tx: Session, team: str, member: int) -> int:
    add_passkey(tx, member, uuid4().hex, b"key", 0, MARK if team != "Home" else "ours", NOW)
    return passkeys_of(tx, member)[-1].id


def _invitation(tx: Session, team: str, member: int) -> InvitationRow:
    email = tx.get_one(MemberRow, member).email
    apart = find_or_make_team(tx, f"{team} {uuid4().hex}", NOW)
    nonce = invite(tx, apart, email, Role.viewer, member, NOW)
    return tx.scalars(select(InvitationRow).where(InvitationRow.nonce == nonce)).one()


def _sent_invitation(tx: Session, team: str, member: int) -> int:
    nonce = invite(tx, find_or_make_team(tx, team, NOW), f"{uuid4().hex}@x.example", Role.viewer, member, NOW)
    return tx.scalars(select(InvitationRow.id).where(InvitationRow.nonce == nonce)).one()


def _token(tx: Session, team: str, member: int) -> str:
    row = _invitation(tx, team, member)
    return token_for(SECRET, "invitation", row.team_id, row.nonce)


def _key(tx: Session, team: str, _: int) -> int:
    add_key(tx, find_or_make_team(tx, team, NOW), MARK if team != "Home" else "ours", ["exports:read"], NOW)
    table = METADATA.tables["api_key"]
    return int(tx.scalars(select(table.c.id).order_by(table.c.id.desc())).first() or 0)


def _site(tx: Session, team: str, _: int) -> str:
    return make_site(tx, name=f"{MARK if team != 'Home' else 'ours'} {uuid4().hex}", team=team).key


def _response(tx: Session, team: str, _: int) -> int:
    site = make_site(tx, name=f"{MARK if team != 'Home' else 'ours'} {uuid4().hex}", team=team)
    row = ResponseRow(
        team_id=site.team,
        site_id=site.id,
        survey_id=surveys_of(tx, site.id)[0].id,
        submission_id=new_uuid(NOW),
        digest=b"x" * 32,
        scale="nps",
        score=8,
        segment="passive",
        comment=MARK if team != "Home" else "ours",
        language="en",
        configuration="x",
        received_at=NOW,
        attributes={},
    )
    tx.add(row)
    tx.flush()
    return row.id


def _case(tx: Session, team: str, member: int) -> int:
    number = find_or_make_team(tx, team, NOW)
    return make_case(tx, number, _response(tx, team, member), member, public_id("p"), NOW)


def _tagged(tx: Session, team: str, member: int) -> tuple[int, str]:
    number, press = find_or_make_team(tx, team, NOW), public_id("p")
    name = f"{MARK if team != 'Home' else 'ours'} {uuid4().hex[:8]}"
    put_tag(tx, number, _case(tx, team, member), member, press, name, NOW)
    return tx.scalars(select(TagRow.id).where(TagRow.team_id == number, TagRow.name == name)).one(), press


def _set_aside(tx: Session, team: str, member: int) -> str:
    press = Press(find_or_make_team(tx, team, NOW), member, public_id("p"), NOW)
    move_numbered(tx, press, [_response(tx, team, member)], True)
    return press.name


def _wave(tx: Session, team: str, member: int) -> int:
    number = _response(tx, team, member)
    place = tx.execute(select(ResponseRow.team_id, ResponseRow.site_id).where(ResponseRow.id == number)).one()
    wave = WaveRow(team_id=place[0], site_id=place[1], kind="passive", first_at=NOW, last_at=NOW, number=1, hourly=1.0)
    tx.add(wave)
    tx.flush()
    return wave.id


def _rule(tx: Session, team: str, member: int) -> int:
    wanted = Wanted(MARK if team != "Home" else "ours", "webhook", address="https://hooks.example/x")
    return add_rule(tx, find_or_make_team(tx, team, NOW), member, wanted, SECRET, NOW)


def _view(tx: Session, team: str, member: int) -> int:
    name = MARK if team != "Home" else "ours"
    return save_view(
        tx, find_or_make_team(tx, team, NOW), member, f"{name} {uuid4().hex}", "segment=passive", True, NOW
    )


#: What each parameter of a route names. Where several things go by one name, the word before it in the address tells them
#: apart. `make` is given a transaction, a team's name, and the number of the member who asks (for what is of one person) or
#: of a member of the other team. A slice whose route has a new parameter adds a line here.
THINGS: dict[str, Thing] = {
    "member_id": Thing(_member, 10**9),
    "session_id": Thing(_session, 10**9),
    "passkey_id": Thing(_passkey, 10**9),
    "invitation_id": Thing(_sent_invitation, 10**9),
    "key_id": Thing(_key, 10**9),
    "token": Thing(_token, "A" * 50),
    "key": Thing(_site, "site_nothing"),
    "response": Thing(_response, 10**9),
    "responses/number": Thing(_response, 10**9),
    "cases/number": Thing(_case, 10**9),
    "aside/press": Thing(_set_aside, "p_1111111111111111"),
    "press": Thing(lambda tx, team, member: _tagged(tx, team, member)[1], "p_1111111111111111"),
    "tags/number": Thing(lambda tx, team, member: _tagged(tx, team, member)[0], 10**9),
    "notices/number": Thing(_rule, 10**9),
    "view": Thing(_view, 10**9),
    "waves/number": Thing(_wave, 10**9),
}
#: Fields of forms that name something too, by route: they are tried like what stands in the address.
FIELDS = {"/tags/<int:number>/merge": {"into": "tags/number"}, "/inbox/aside": {"responses": "response"}}
#: Parameters that name nothing of a team, and something that may stand there.
WORDS = {"format": "csv"}


@dataclass(frozen=True)
class Way:
    """A method of a route for members, with its parameters and the least role."""

    rule: str
    method: str
    parameters: tuple[str, ...]
    least: Role

    @property
    def fields(self) -> dict[str, str]:
        """The fields of its form that name something, with their line in `THINGS`."""
        return FIELDS.get(self.rule, {})

    def thing(self, name: str) -> Thing | None:
        """What a parameter or field of this route names."""
        if name in self.fields:
            return THINGS[self.fields[name]]
        before = re.findall(rf"([\w-]+)/<(?:[^:<>]+:)?{name}>", self.rule)
        return THINGS.get(f"{before[0]}/{name}" if before else name) or THINGS.get(name)

    def path(self, values: Mapping[str, object]) -> str:
        """The address with `values` in its places."""
        return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: str((WORDS | dict(values))[found[1]]), self.rule)


def ways(app: Flask) -> Iterator[Way]:
    """Every way in for members."""
    declared = policies(app)
    for rule in app.url_map.iter_rules():
        policy = declared[rule.endpoint]
        if policy.who == "member":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                named = re.findall(r"<(?:[^:<>]+:)?(\w+)>", rule.rule)
                parameters = tuple(name for name in named if name not in WORDS)
                yield Way(rule.rule, method, parameters, policy.role or Role.viewer)


@dataclass(frozen=True)
class Teams:
    """Two teams: a browser of each role in ours, and the number of the member there; an owner of the other."""

    browsers: dict[Role, FlaskClient]
    members: dict[Role, int]
    stranger: int


@pytest.fixture
def teams(app: Flask, database: Database) -> Teams:
    with database.writing() as tx:
        members = {role: make_member(tx, role) for role in Role}
        make_member(tx, Role.owner, email="second@home.example")
        browsers = {role: app.test_client() for role in Role}
        for role, browser in browsers.items():
            let_in(browser, tx, members[role])
        stranger = make_member(tx, Role.owner, team=MARK, email="stranger@away.example")
        tx.get_one(MemberRow, stranger).name = MARK
    return Teams(browsers, members, stranger)


def made(database: Database, way: Way, team: str, member: int) -> dict[str, object]:
    """One thing of the team for each parameter."""
    things = {name: way.thing(name) for name in (*way.parameters, *way.fields)}
    unknown = [name for name, thing in things.items() if thing is None]
    assert not unknown, f"{way.rule}: say in THINGS of tests/web/test_tenancy.py what {', '.join(unknown)} names."
    with database.writing() as tx:
        return {name: thing.make(tx, team, member) for name, thing in things.items() if thing}


def opened(browser: FlaskClient, way: Way, values: Mapping[str, object]) -> Any:
    """The answer of a route to `values` in its address and its form."""
    form = {name: str(values[name]) for name in way.fields} or None
    return browser.open(way.path(values), method=way.method, data=form)


def told(reply: Any, values: Mapping[str, object]) -> tuple[int, str, str | None]:
    """An answer, without the names that were asked for."""
    text = reply.get_data(as_text=True)
    for value in values.values():
        if isinstance(value, str):
            text = text.replace(value, "…")
    return reply.status_code, re.sub(r"urn:uuid:[\w-]+", "", text), reply.headers.get("Location")


def everything_of(database: Database, team: str) -> list[tuple[Any, ...]]:
    """All that belongs to a team, and its people."""
    with database.reading() as tx:
        number = find_or_make_team(tx, team, NOW)
        rows = []
        for table in METADATA.sorted_tables:
            if "team_id" in table.c:
                rows += [tuple(row) for row in tx.execute(select(table).where(table.c.team_id == number))]
        return sorted(rows, key=repr)


def test_a71_what_is_of_another_team_is_as_if_it_were_not_there(app: Flask, database: Database, teams: Teams):
    # What a role may not is refused before the database is asked; the owner reaches farthest.
    roles, tried = tuple(Role) if database.embedded else (Role.owner,), 0
    for way in ways(app):
        for name in (*way.parameters, *way.fields):
            own = made(database, way, "Home", teams.members[Role.owner])
            foreign = own | {name: made(database, way, MARK, teams.stranger)[name]}
            missing = own | {name: way.thing(name).missing}
            before = everything_of(database, MARK)
            for role in roles:
                browser = teams.browsers[role]
                answers = [told(opened(browser, way, values), values) for values in (foreign, missing)]
                assert answers[0] == answers[1], (way, name, role)
                # 422: the empty form was looked at first, and what it says is the same for both. 303: back, for it is too
                # late, or nothing was there.
                refused = answers[0][0] in (404, 422) or str(answers[0][2]).endswith(
                    ("case=late", "done=late", "done=unmoved")
                )
                assert refused if role >= way.least else answers[0][0] == 403, (way, name, role)
                assert MARK not in answers[0][1], (way, name, role)
                tried += 1
            assert everything_of(database, MARK) == before, (way, name)
    assert tried >= len(roles) * len(THINGS)


@on_sqlite
def test_a71_what_is_of_ones_own_team_is_there_so_that_the_answers_above_mean_something(
    app: Flask, database: Database, teams: Teams
):
    owner = teams.members[Role.owner]
    for way in ways(app):
        if not way.parameters:
            continue
        values = made(database, way, "Home", owner)
        browser = app.test_client()
        with database.writing() as tx:
            let_in(browser, tx, owner)
        assert opened(browser, way, values).status_code != 404, way


@on_sqlite
def test_a71_no_page_shows_anything_of_another_team(app: Flask, database: Database, teams: Teams):
    with database.writing() as tx:
        for thing in THINGS.values():
            thing.make(tx, MARK, teams.stranger)
    seen = 0
    for way in ways(app):
        if way.method == "GET":
            values = made(database, way, "Home", teams.members[Role.owner])
            for role, browser in teams.browsers.items():
                reply = browser.get(way.path(values))
                assert reply.status_code != 200 or role >= way.least, (way, role)
                assert MARK not in reply.text, (way, role)
                seen += reply.status_code == 200
    assert seen >= 4


@on_sqlite
def test_a72_whatever_a_role_may_not_is_refused_and_changes_nothing(app: Flask, database: Database, teams: Teams):
    for way in ways(app):
        if way.method in SAFE or way.least == Role.viewer:
            continue
        values = made(database, way, "Home", teams.members[Role.owner])
        before = everything_of(database, "Home")
        for role in Role:
            if role < way.least:
                assert opened(teams.browsers[role], way, values).status_code == 403, (way, role)
        assert everything_of(database, "Home") == before, way


@on_sqlite
def test_a71_whoever_is_in_no_team_any_more_reaches_nothing(app: Flask, database: Database, teams: Teams):
    browser, gone = teams.browsers[Role.editor], teams.members[Role.editor]
    with database.writing() as tx:
        tx.execute(delete(MembershipRow).where(MembershipRow.member_id == gone))
        assert tx.scalars(select(SessionRow).where(SessionRow.member_id == gone)).one()
    for way in ways(app):
        values = made(database, way, "Home", teams.members[Role.owner])
        status = opened(browser, way, values).status_code
        assert status == (303 if way.method in SAFE else 401), way


@on_sqlite
def test_a_parameter_that_nobody_described_fails_with_a_sentence(database: Database):
    with pytest.raises(AssertionError, match=r"say in THINGS of tests/web/test_tenancy\.py what moon names"):
        made(database, Way("/x/<int:moon>", "GET", ("moon",), Role.viewer), "Home", 1)
