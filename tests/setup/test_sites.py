"""Sites: the list, a new one, its settings, its tag, its end."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from collector.accounts.models import ChangeRow
from collector.contacts.models import ContactRow
from collector.db import Base, Database
from collector.responses.models import ResponseRow
from collector.setup.install.variants import VARIANTS, policy
from collector.setup.removal.actions import erase_some
from collector.sites.models import SiteRow
from collector.sites.queries import site_by_key, site_of
from collector.sites.site import Site
from collector.web.guards import Role
from collector.widget.tag import site_tag
from collector.worker import Worker
from tests.conftest import Clock
from tests.make import ORIGIN, let_in, make_member, make_site, submission
from tests.setup.conftest import As

RECIPES = Path(__file__).parents[2] / "docs" / "recipes.md"


def edition_on(page: str) -> str:
    """The edition that a form was made from."""
    return page.partition('name="edition" value="')[2].partition('"')[0]


def changed(client: FlaskClient, site: Site, **changes: str):
    """The reply to the site's form with these changes."""
    typed = {"name": site.name, "origins": ORIGIN, "industry": site.industry, "language": site.language}
    path = f"/sites/{site.key}"
    return client.post(path, data=typed | {"edition": edition_on(client.get(path).text)} | changes)


def test_an_empty_list_teaches_and_a_full_one_counts(client: FlaskClient, owner: FlaskClient, database: Database):
    assert "No site yet" in owner.get("/sites").text
    with database.writing() as tx:
        site = make_site(tx)
    for number, score in ((1, 8), (2, 9)):
        sent = submission(number, score=score)
        client.post(f"/v1/sites/{site.key}/responses", json=sent, headers={"Origin": ORIGIN})
    row = owner.get("/sites").text.partition("<tbody>")[2]
    assert re.findall(r'data-of="(\w+)">(\w+)<', row) == [("Responses", "2"), ("Passives", "1")]


def test_a_new_site_with_faults_keeps_what_was_typed(owner: FlaskClient, site: Site):
    form = {"name": site.name, "origins": "shop", "industry": "none", "language": "??", "scale": "nps"}
    reply = owner.post("/sites", data=form)
    assert reply.status_code == 422
    for field in ("name", "origins", "industry", "language"):
        assert f'id="{field}-wrong"' in reply.text, field
    assert ">\nshop</textarea>" in reply.text


def test_a_change_is_saved_and_written_down(owner: FlaskClient, database: Database, site: Site):
    reply = changed(owner, site, name="Boutique", parameters="plan, tab", origins=f"{ORIGIN} https://www.shop.example")
    assert reply.location == f"/sites/{site.key}?done=saved"
    with database.reading() as tx:
        now = site_of(tx, site.team, site.key)
        [line] = tx.execute(select(ChangeRow.verb, ChangeRow.target, ChangeRow.detail))
    assert (now.name, now.origins, now.parameters) == (
        "Boutique",
        (ORIGIN, "https://www.shop.example"),
        frozenset({"plan", "tab"}),
    )
    assert tuple(line) == ("site.changed", site.key, {"changed": ["name", "origins", "parameters"]})


def test_who_changes_what_somebody_else_has_changed_is_told_and_may_then_overrule(owner: FlaskClient, site: Site):
    old = edition_on(owner.get(f"/sites/{site.key}").text)
    changed(owner, site, name="Theirs")
    reply = changed(owner, site, name="Mine", edition=old)
    assert reply.status_code == 422
    assert "Somebody else has changed" in reply.text
    assert 'value="Mine"' in reply.text
    assert changed(owner, site, name="Mine", edition=edition_on(reply.text)).status_code == 303


def test_viewers_read_and_change_nothing(signed_in: As, site: Site):
    viewer = signed_in(Role.viewer)
    assert '<fieldset class="form" disabled>' in viewer.get(f"/sites/{site.key}").text
    assert viewer.post(f"/sites/{site.key}", data={}).status_code == 403
    assert viewer.get("/exports/responses.csv").status_code == 403


def test_titles_of_a_sites_pages_name_the_site(owner: FlaskClient, site: Site):
    assert f"<title>Survey · {site.name} · Lukewarm</title>" in owner.get(f"/sites/{site.key}/survey").text


@pytest.mark.parametrize(
    ("path", "tab"), [("", "Site"), ("/secret", "Site"), ("/delete", "Site"), ("/survey/why", "When it shows")]
)
def test_each_page_of_a_site_stands_under_one_tab(owner: FlaskClient, site: Site, path: str, tab: str):
    page = owner.get(f"/sites/{site.key}{path}").text
    tabs = page[page.index('aria-label="Settings of the site"') :]
    assert re.findall(r'aria-current="page">([^<]+)<', tabs) == [tab]


@pytest.mark.parametrize("path", ["", "/install", "/seen", "/secret", "/delete", "/retention"])
def test_another_teams_site_is_not_there(app: Flask, database: Database, site: Site, path: str):
    client = app.test_client()
    with database.writing() as tx:
        let_in(client, tx, make_member(tx, team="Other"), team="Other")
    assert client.get(f"/sites/{site.key}{path}").status_code == 404
    assert site.name not in client.get("/sites").text


def test_the_first_visit_is_seen_once_and_only_from_the_sites_own_pages(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site, clock: Clock
):
    script, look = f"/w/1/{site.key}.js", f"/sites/{site.key}/seen"
    for headers in ({}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/"}):
        assert client.get(script, headers=headers).status_code == 200
        assert owner.get(look).status_code == 204
    client.get(script, headers={"Referer": f"{ORIGIN}/pricing"})
    reply = owner.get(look)
    assert (reply.status_code, "Seen." in reply.text) == (286, True)
    clock.move(timedelta(hours=1))
    client.get(f"/v1/sites/{site.key}/survey", headers={"Origin": ORIGIN})
    assert owner.get(look).text == reply.text


def test_settings_that_are_fetched_count_as_seen(client: FlaskClient, owner: FlaskClient, site: Site):
    client.get(f"/v1/sites/{site.key}/survey", headers={"Origin": ORIGIN})
    assert owner.get(f"/sites/{site.key}/seen").status_code == 286


def test_a_page_beside_the_collector_is_seen_too(client: FlaskClient, owner: FlaskClient, site: Site):
    path = f"/v1/sites/{site.key}/survey"
    client.get(path, base_url="https://elsewhere.example", headers={"Sec-Fetch-Site": "same-origin"})
    client.get(path, base_url=ORIGIN, headers={"Sec-Fetch-Site": "none"})
    assert owner.get(f"/sites/{site.key}/seen").status_code == 204
    client.get(path, base_url=ORIGIN, headers={"Sec-Fetch-Site": "same-origin"})
    assert owner.get(f"/sites/{site.key}/seen").status_code == 286


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.key)
def test_every_variant_stands_in_the_recipes_too(owner: FlaskClient, site: Site, variant):
    root, key = "https://feedback.example.com", "site_…"
    recipes = RECIPES.read_text("utf-8")
    assert variant.code(site_tag(root, key), f"{root}/w/1/{key}.js") in recipes
    assert all(line in recipes for line in policy(root).split("\n"))
    page = owner.get(f"/sites/{site.key}/install?with={variant.key}").text
    assert f"/w/1/{site.key}.js" in page
    assert variant.where.partition(" ")[0] in page


def test_a_secret_is_shown_to_owners_and_renewed_by_a_press(owner: FlaskClient, signed_in: As, site: Site):
    path = f"/sites/{site.key}/secret"

    def shown() -> str:
        return owner.get(path).text.partition('<code id="secret">')[2].partition("<")[0]

    before = shown()
    assert len(before) == 32
    asked = re.findall(r"<summary[^>]*>Make a new secret …(.*?)</details>", owner.get(path).text, re.DOTALL)
    assert [f'action="{path}"' in part for part in asked] == [True]
    assert owner.post(path).status_code == 303
    assert shown() not in (before, "")
    assert signed_in(Role.editor).get(path).status_code == 403


def test_a_site_is_deleted_by_its_name_with_all_that_belongs_to_it(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site, clock: Clock
):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
    for key in (site.key, other.key):
        for number in (1, 2, 3):
            sent = submission(number, category="price")
            assert client.post(f"/v1/sites/{key}/responses", json=sent, headers={"Origin": ORIGIN}).status_code == 201
    path = f"/sites/{site.key}/delete"
    assert owner.post(path, data={"name": "shop"}).status_code == 422
    assert owner.post(path, data={"name": "Shop"}).location == "/sites?done=deleted"
    sent = submission(4)
    assert client.post(f"/v1/sites/{site.key}/responses", json=sent, headers={"Origin": ORIGIN}).status_code == 404
    assert owner.get(f"/sites/{site.key}").status_code == 404
    with database.writing() as tx:
        assert site_by_key(tx, site.key) is None
        make_site(tx, name="Shop")
    Worker(database, clock).run_once()
    with database.reading() as tx:
        for table in Base.metadata.sorted_tables:
            if "site_id" in table.c:
                left = tx.scalar(select(func.count()).select_from(table).where(table.c.site_id == site.id))
                assert left == 0, table.name
        assert tx.get(SiteRow, site.id) is None
        assert tx.scalar(select(func.count()).where(ResponseRow.site_id == other.id)) == 3


def test_erasing_goes_step_by_step_and_says_when_nothing_is_left(database: Database, site: Site):
    with database.writing() as tx:
        tx.add(ContactRow(team_id=site.team, site_id=site.id, language="en", created_at=Clock()()))
    steps = 0
    is_left = True
    while is_left:
        with database.writing() as tx:
            is_left = erase_some(tx, site.id)
        steps += 1
    assert steps == 3  # the contact, the survey, the site


def test_members_take_their_own_teams_responses_along(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site
):
    with database.writing() as tx:
        other = make_site(tx, name="Theirs", team="Other")
    for key in (site.key, other.key):
        sent = submission(1, comment=f"On {key}.")
        client.post(f"/v1/sites/{key}/responses", json=sent, headers={"Origin": ORIGIN})
    reply = owner.get("/exports/responses.jsonl")
    assert site.key in reply.text
    assert other.key not in reply.text
    assert owner.get("/exports/responses.xml").status_code == 404


def test_responses_go_at_the_age_that_an_owner_set_and_no_earlier(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site, clock: Clock
):
    path = f"/sites/{site.key}/retention"

    def left() -> int:
        Worker(database, clock).run_once()
        return owner.get("/exports/responses.jsonl").text.count("\n")

    for number in (1, 2):
        sent = submission(number, category="price")
        client.post(f"/v1/sites/{site.key}/responses", json=sent, headers={"Origin": ORIGIN})
        clock.move(timedelta(days=2))
    asked = owner.post(path, data={"days": "3"})
    assert asked.status_code == 422
    assert "1 response is older than that" in asked.text
    assert left() == 2
    assert owner.post(path, data={"days": "3", "sure": "erase 3"}).status_code == 303
    assert left() == 1
    clock.move(timedelta(hours=23))
    assert left() == 1
    clock.move(timedelta(hours=2))
    assert left() == 0
    assert owner.post(path, data={"days": ""}).status_code == 303


@pytest.mark.parametrize("days", ["0", "3651", "soon", "-1", "٣"])
def test_no_other_age_is_taken(owner: FlaskClient, database: Database, site: Site, days: str):
    reply = owner.post(f"/sites/{site.key}/retention", data={"days": days, "sure": f"erase {days}"})
    assert (reply.status_code, 'id="days-wrong"' in reply.text) == (422, True)
    with database.reading() as tx:
        assert site_of(tx, site.team, site.key).keep_days is None
