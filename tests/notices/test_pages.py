"""The pages of rules: what they take and refuse, whom they let do what, and what they never show."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text, update

from collector.accounts.models import ChangeRow
from collector.db import Database
from collector.hiding import hide
from collector.notices.form import Known, read_form
from collector.notices.models import RuleRow
from collector.notices.queries import listed
from collector.notices.rule import HIDDEN_FOR, Rule
from collector.notices.signature import signing_secret
from collector.web.guards import Role
from tests.conftest import on_sqlite
from tests.make import let_in, make_member, make_site
from tests.notices.conftest import KEY, Team
from tests.servers.hook import Hook

SLACK = "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstx9Qf"

KNOWN = Known({"site_1": (1, "Shop")}, {"price": "Price"}, {1: "Ann"}, mail=True, networks=())


def form(**parts: str) -> dict[str, str]:
    return {"name": "Prices", "way": "slack", "address": SLACK, "gather": "15", "words": "on", **parts}


def rules(database: Database, team: int) -> list[Rule]:
    with database.reading() as tx:
        return [rule for rule, _ in listed(tx, team, KEY)]


@pytest.fixture
def editor(here: Team) -> FlaskClient:
    with here.database.writing() as tx:
        let_in(here.client, tx, make_member(tx, Role.editor))
    return here.client


def test_a_rule_is_added_read_changed_switched_and_removed(here: Team, editor: FlaskClient):
    assert "Nobody has to watch the inbox" in editor.get("/team/notices").text
    reply = editor.post(
        "/team/notices", data=form(segment="passive", category="price", page="/checkout*", site=here.site.key)
    )
    page = editor.get(reply.location)
    assert "The rule is on." in page.text
    assert (
        "When a Passive comes in about Price on /checkout* at Shop, tell Slack at hooks.slack.com/…x9Qf." in page.text
    )
    (rule,) = rules(here.database, here.site.team)
    path = f"/team/notices/{rule.id}"
    editor.post(path, data=form(address="", name="Dear", revision=str(rule.revision), commented="yes"))
    (changed,) = rules(here.database, here.site.team)
    assert (changed.wanted.name, changed.wanted.commented, changed.wanted.address) == ("Dear", True, SLACK)
    assert editor.post(path, data=form(revision=str(rule.revision))).location.endswith("?done=late")
    editor.post(f"{path}/switch", data={"to": "off"})
    assert "Switched off." in editor.get(path).text
    editor.post(f"{path}/switch", data={"to": "on"})
    assert rules(here.database, here.site.team)[0].off is None
    assert editor.post(f"{path}/remove").location == "/team/notices?done=removed"
    assert editor.get(path).status_code == 404
    with here.database.reading() as tx:
        lines = [(row.verb, row.detail["way"]) for row in tx.scalars(select(ChangeRow).order_by(ChangeRow.id))]
    verbs = ("added", "changed", "switched_off", "switched_on", "removed")
    assert lines == [(f"notice.{verb}", "slack") for verb in verbs]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"way": "pigeon"}, "way"),
        ({"way": "email", "member": "999"}, "member"),
        ({"way": "email", "member": "1e3"}, "member"),
        ({"site": "site_of_others"}, "site"),
        ({"segment": "everybody"}, "segment"),
        ({"category": "Robert'); drop table"}, "category"),
        ({"commented": "maybe"}, "commented"),
        ({"page": "https://shop.example/checkout"}, "page"),
        ({"page": "/[a-z]"}, "page"),
        ({"gather": "1"}, "gather"),
        ({"address": ""}, "address"),
        ({"address": "http://hooks.slack.com/x"}, "address"),
        ({"address": "https://169.254.169.254/latest/meta-data"}, "address"),
        ({"address": "https://good.example@10.0.0.1/"}, "address"),
    ],
    ids=str,
)
def test_each_wrong_field_is_found_and_no_other(parts: dict[str, str], field: str):
    wanted, faults = read_form(form(**parts), KNOWN)
    assert (wanted, list(faults)) == (None, [field])
    assert faults[field].endswith(".")


@on_sqlite
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(editor: FlaskClient, here: Team):
    reply = editor.post("/team/notices", data=form(page="https://shop.example/", name="<Prices>"))
    assert reply.status_code == 422
    field = reply.text.partition('name="page"')[2].partition(">")[0]
    assert 'value="https://shop.example/"' in field
    assert 'aria-invalid="true" aria-describedby="page-fault page-hint"' in field
    assert 'id="page-fault"' in reply.text
    assert 'value="&lt;Prices&gt;"' in reply.text
    assert rules(here.database, here.site.team) == []


def test_a_team_has_so_many_rules_and_no_more():
    full = replace(KNOWN, has_room=False)
    wanted, faults = read_form(form(), full)
    assert (wanted, list(faults)) == (None, ["name"])
    before, _ = read_form(form(), KNOWN)
    assert read_form(form(name="Dear"), full, before)[1] == {}


def test_without_a_mail_server_no_letters_are_promised():
    wanted, faults = read_form(form(way="email", member="1"), replace(KNOWN, mail=False))
    assert (wanted, list(faults)) == (None, ["way"])


@on_sqlite
def test_the_address_is_shown_to_nobody_again_and_stands_in_no_log(here: Team, editor: FlaskClient):
    number = int(editor.post("/team/notices", data=form()).location.split("/")[3].split("?")[0])
    secret = SLACK.rsplit("/", 1)[1]
    for path in ("/team/notices", f"/team/notices/{number}"):
        page = editor.get(path).text
        assert "x9Qf" in page
        assert secret not in page
    with here.database.reading() as tx:
        assert secret not in str([(row.target, row.detail) for row in tx.scalars(select(ChangeRow))])
        for table in inspect(here.database.engine).get_table_names():
            stored = str(tx.execute(text(f"select * from {table}")).all())
            assert secret not in stored, table
            assert "hooks.slack.com" not in stored, table


@on_sqlite
def test_an_address_whose_secret_is_lost_is_said_to_be_so_and_written_anew(here: Team, editor: FlaskClient):
    with Hook() as hook:
        address = f"http://127.0.0.1:{hook.port}/"
        number = here.rule("mattermost", address=address)
        with here.database.writing() as tx:
            lost = hide(b"a secret that nobody has any more", HIDDEN_FOR, number, address)
            tx.execute(update(RuleRow).values(address=lost))
        path = f"/team/notices/{number}"
        editor.post(f"{path}/test")
        here.work()
        page = editor.get(path).text
        assert "tell Mattermost at an address that has to be written anew." in page
        assert "Write it into the rule anew." in page
        assert "Empty keeps the one that is there" not in page
        given = form(way="mattermost", revision="0")
        assert "address-fault" in editor.post(path, data={**given, "address": ""}).text
        assert editor.post(path, data={**given, "address": address}).location.endswith("?done=saved")
        editor.post(f"{path}/test")
        here.work()
        assert len(hook.asked) == 1


@on_sqlite
def test_only_showing_the_secret_shows_it_and_is_written_down(here: Team, editor: FlaskClient):
    editor.post("/team/notices", data=form(way="webhook", address="https://program.example/in"))
    (rule,) = rules(here.database, here.site.team)
    path, secret = f"/team/notices/{rule.id}", signing_secret(KEY, rule.id, "https://program.example/in")
    assert secret not in editor.get(path).text
    assert secret in editor.post(f"{path}/secret").text
    with here.database.reading() as tx:
        assert tx.scalars(select(ChangeRow.verb).order_by(ChangeRow.id.desc())).first() == "notice.secret_shown"
    editor.post(path, data=form(revision="0"))
    assert editor.post(f"{path}/secret").status_code == 404


@on_sqlite
def test_a_test_goes_the_way_of_notices_and_its_result_stands_on_the_page(here: Team, editor: FlaskClient):
    with Hook(200, 403) as hook:
        rule = here.rule("mattermost", address=f"http://127.0.0.1:{hook.port}/", name="Prices")
        for _ in range(2):
            assert editor.post(f"/team/notices/{rule}/test").location == f"/team/notices/{rule}?done=tested"
            here.work()
        assert "A test of “Prices”" in hook.asked[0].body.decode()
    page = editor.get(f"/team/notices/{rule}").text
    assert "The test was sent." in page
    assert "Not delivered. The address forbids messages (403)." in page
    assert here.kept(rule).off is None


@on_sqlite
def test_another_teams_rule_is_not_there(here: Team, editor: FlaskClient):
    rule = here.rule("slack", address=SLACK)
    with here.database.writing() as tx:
        make_site(tx, name="Other", team="Other")
        let_in(editor, tx, make_member(tx, Role.owner, team="Other"), team="Other")
    path = f"/team/notices/{rule}"
    assert editor.get(path).status_code == 404
    for verb in ("", "/switch", "/test", "/secret", "/remove"):
        assert editor.post(path + verb, data=form(revision="0")).status_code == 404
    reply = editor.post("/team/notices", data=form(site=here.site.key))
    assert (reply.status_code, "site-fault" in reply.text) == (422, True)
    reply = editor.post("/team/notices", data=form(way="email", member=str(here.member)))
    assert (reply.status_code, "member-fault" in reply.text) == (422, True)
    assert here.kept(rule).wanted.name == "Watch"


@on_sqlite
def test_rules_are_for_editors_and_owners_and_others_are_not_led_there(here: Team):
    with here.database.writing() as tx:
        let_in(here.client, tx, make_member(tx, Role.analyst))
    assert "/team/notices" not in here.client.get("/you/notices").text
    assert here.client.get("/team/notices").status_code == 403
    assert here.client.post("/team/notices", data=form()).status_code == 403


@on_sqlite
def test_names_that_look_like_markup_are_text(here: Team, editor: FlaskClient):
    editor.post("/team/notices", data=form(name='<img src=x onerror="alert(1)">'))
    for path in ("/team/notices", f"/team/notices/{rules(here.database, here.site.team)[0].id}"):
        assert "<img src=x" not in editor.get(path).text
