"""The survey's pages: what is typed becomes a setting, what is wrong stands at its field, what changed is written down."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.accounts.models import ChangeRow
from collector.db import Database
from collector.reaching.queries import manners_of
from collector.setup.people.typed import NAMES
from collector.sites.site import Site
from collector.surveys.queries import surveys_of
from collector.surveys.survey import Survey
from collector.web.guards import Role
from tests.make import ORIGIN, make_site, submission
from tests.setup.conftest import As
from tests.setup.test_sites import edition_on

PAGES = (
    "/survey",
    "/survey/categories",
    "/survey/questions",
    "/survey/look",
    "/survey/when",
    "/survey/consent",
    "/people",
)
ROWS = {"key.0": "bug", "shown.0": "on", "key.1": "price", "shown.1": "on", "key.2": "other", "shown.2": "on"}
RULES = {
    "is_on": "on",
    "triggers.0.kind": "seconds",
    "triggers.0.value": "20",
    "include.1.kind": "starts",
    "include.1.value": "/docs/",
    "share": "25",
    "languages": "de, pt-BR",
    "devices": "phone",
    "attributes.0.name": "seats",
    "attributes.0.kind": "greater",
    "attributes.0.value": "3",
    "settle": "1",
    "again_after_days": "90",
    "later_days": "7",
    "rest_days": "30",
}
MANNERS = {
    "ask": "on",
    "days_silent": "4",
    "days_written": "1",
    "days_reminder": "0",
    "days_rest": "30",
    "hour_first": "13",
    "hour_last": "15",
    "days": ["0", "5"],
    "zone": "Europe/Helsinki",
    "sms_countries": "FI,SE",
    "sms_answers": "5",
}


def send(client: FlaskClient, site: Site, page: str, typed: dict):
    """The reply to a form of this page."""
    path = f"/sites/{site.key}{page}"
    return client.post(path, data={"edition": edition_on(client.get(path).text), **typed})


def survey_of(database: Database, site: Site) -> Survey:
    with database.reading() as tx:
        return surveys_of(tx, site.id)[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_read_by_viewers_and_changed_by_editors(signed_in: As, site: Site, page: str):
    viewer, path = signed_in(Role.viewer), f"/sites/{site.key}{page}"
    assert "<fieldset" in viewer.get(path).text
    assert ">Save</button></div>" not in viewer.get(path).text
    assert signed_in(Role.analyst).post(path).status_code == 403
    stale = signed_in(Role.editor).post(path, data={**RULES, **MANNERS, **ROWS, "press": "pack", "pack": "saas"})
    assert stale.status_code == 422
    assert "Somebody else has changed" in stale.text


def test_the_question_is_worded_by_language_and_closed(owner: FlaskClient, database: Database, site: Site):
    typed = {"prompt.en": " Would you\tcome back? ", "prompt.de": "", "scale": "nps"}
    assert send(owner, site, "/survey", typed).location == f"/sites/{site.key}/survey?done=saved"
    survey = survey_of(database, site)
    assert (survey.prompt, survey.open) == ({"en": "Would you come back?"}, False)
    with database.reading() as tx:
        [(verb, target)] = tx.execute(select(ChangeRow.verb, ChangeRow.target)).all()
    assert (verb, target) == ("survey.changed", survey.key)


def test_a_question_that_is_too_long_is_kept_and_marked(owner: FlaskClient, site: Site):
    reply = send(owner, site, "/survey", {"prompt.en": "x" * 201, "open": "on"})
    assert reply.status_code == 422
    assert 'id="prompt.en-wrong"' in reply.text
    assert "x" * 201 in reply.text


def test_the_scale_can_be_changed_until_somebody_has_answered(
    client: FlaskClient, owner: FlaskClient, database: Database, site: Site
):
    send(owner, site, "/survey", {"scale": "csat", "open": "on"})
    send(owner, site, "/survey/look", {"scale": "stars"})
    send(owner, site, "/survey", {"scale": "nps", "open": "on"})
    survey = survey_of(database, site)
    assert (survey.scale.name, survey.widget.look.scale) == ("nps", "numbers")
    client.post(f"/v1/sites/{site.key}/responses", json=submission(1), headers={"Origin": ORIGIN})
    assert "so it stays" in owner.get(f"/sites/{site.key}/survey").text
    assert send(owner, site, "/survey", {"scale": "ces", "open": "on"}).status_code == 422
    assert survey_of(database, site).scale.name == "nps"


def test_categories_are_ordered_named_hidden_and_added(owner: FlaskClient, database: Database, site: Site):
    typed = ROWS | {"label.1.en": " Cost ", "key.new": "parking", "label.new.en": "Parking", "shown.new": "on"}
    del typed["shown.2"]
    page = owner.get(f"/sites/{site.key}/survey/categories").text
    assert page.count('<input type="hidden" name="key.') == 10  # a key never changes
    send(owner, site, "/survey/categories", typed | {"move": "down.0"})
    made = survey_of(database, site).categories
    assert [(one.key, dict(one.label), one.hidden) for one in made[:4]] == [
        ("price", {"en": "Cost"}, False),
        ("bug", {}, False),
        ("other", {}, True),
        ("parking", {"en": "Parking"}, False),
    ]
    assert len(made) == 11  # those that were left out are still there, for responses may name them


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key.new": "Bad Key", "label.new.en": "x"}, "A key has small letters"),
        ({"key.new": "bug", "label.new.en": "x"}, "There is a category"),
        ({"key.new": "parking"}, "needs a label"),
        ({"label.0.en": "x" * 41}, "at most 40 letters"),
        (
            {f"shown.{place}": "on" for place in range(10)} | {f"key.{place}": f"k{place}" for place in range(3, 10)},
            "7",
        ),
    ],
    ids=["key", "twice", "nameless", "long", "too many"],
)
def test_what_is_wrong_with_a_category_stands_at_its_row(
    owner: FlaskClient, database: Database, site: Site, changes: dict[str, str], said: str
):
    before = survey_of(database, site).categories
    reply = send(owner, site, "/survey/categories", ROWS | changes)
    assert reply.status_code == 422
    assert said in reply.text
    assert survey_of(database, site).categories == before


def test_the_appearance_is_saved_and_a_lost_colour_is_told_of(owner: FlaskClient, database: Database, site: Site):
    typed = {"launcher": "tab", "position": "left", "theme": "dark", "own_colour": "on", "accent": "#FFE14D"}
    send(owner, site, "/survey/look", typed | {"languages": ["de", "en"], "contact": "on"})
    widget = survey_of(database, site).widget
    assert (widget.look.launcher, widget.look.position, widget.look.accent) == ("tab", "left", "#ffe14d")
    assert (widget.languages, widget.contact, widget.keep_partial) == (("de", "en"), True, False)
    page = owner.get(f"/sites/{site.key}/survey/look").text
    assert "<code>#a79433</code> instead, contrast 3.0" in page
    assert "as it is, contrast 10.1" in page


def test_stars_on_eleven_steps_are_refused(owner: FlaskClient, site: Site):
    assert send(owner, site, "/survey/look", {"scale": "stars"}).status_code == 422


def test_the_preview_shows_what_is_typed_and_nothing_is_saved(owner: FlaskClient, database: Database, site: Site):
    path = f"/sites/{site.key}/survey/look"
    reply = owner.get(f"{path}/preview?launcher=tab&own_colour=on&accent=%23ff0000&speak=de&scheme=dark")
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert "data-test" in reply.text
    assert "&#34;launcher&#34;: &#34;tab&#34;" in reply.text
    assert 'lang="de"' in reply.text
    assert survey_of(database, site).widget.look.launcher == "button"
    assert "preview?launcher=tab" in owner.get(f"{path}/sample?launcher=tab").text
    assert owner.get(f"{path}/preview?accent=nonsense&own_colour=on").status_code == 200


def test_rules_are_saved_as_they_were_typed_and_shown_again(owner: FlaskClient, database: Database, site: Site):
    send(owner, site, "/survey/when", RULES)
    when = survey_of(database, site).widget.when
    assert when is not None
    assert when["triggers"] == [{"kind": "seconds", "after": 20}]
    assert when["pages"]["include"] == [{"kind": "starts", "value": "/docs/"}]
    assert when["attributes"] == [{"name": "seats", "kind": "greater", "value": 3}]
    assert (when["share"], when["languages"], when["devices"]) == (0.25, ["de", "pt-br"], ["phone"])
    page = owner.get(f"/sites/{site.key}/survey/when").text
    for said in ('value="20"', 'value="/docs/"', 'value="25"', 'value="seats"', 'value="de, pt-br"'):
        assert said in page, said


def test_rules_that_go_with_the_switch_go_at_the_second_press(owner: FlaskClient, database: Database, site: Site):
    send(owner, site, "/survey/when", RULES)
    off = {name: value for name, value in RULES.items() if name != "is_on"}
    reply = send(owner, site, "/survey/when", off)
    assert reply.status_code == 422
    assert "the rules below are thrown away" in reply.text
    assert 'value="/docs/"' in reply.text
    assert survey_of(database, site).widget.when is not None
    hidden = dict(re.findall(r'<input type="hidden" name="(drop)" value="(\w+)">', reply.text))
    send(owner, site, "/survey/when", off | hidden)
    assert survey_of(database, site).widget.when is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"triggers.0.value": "soon"}, "triggers.0"),
        ({"include.1.value": "docs?x"}, "include.0"),
        ({"share": "200"}, "share"),
        ({"share": "nan"}, "share"),
        ({"rest_days": "1e999"}, "rest_days"),
        ({"attributes.0.value": "many"}, "attributes.0"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_rule_stands_at_its_row(
    owner: FlaskClient, database: Database, site: Site, changes: dict[str, str], field: str
):
    reply = send(owner, site, "/survey/when", RULES | changes)
    assert reply.status_code == 422
    assert f'id="{field}-wrong"' in reply.text
    assert next(iter(changes.values())) in reply.text
    assert survey_of(database, site).widget.when is None


def test_a_form_without_an_occasion_is_told_that_it_would_never_come(owner: FlaskClient, site: Site):
    assert "at least one trigger" in send(owner, site, "/survey/when", RULES | {"triggers.0.kind": ""}).text


def test_each_rule_says_what_it_makes_of_a_visit(owner: FlaskClient, site: Site):
    path = f"/sites/{site.key}/survey/why"
    assert "not set to come up by itself" in owner.get(f"{path}?page=/").text
    send(owner, site, "/survey/when", RULES | {"share": "100"})
    visit = {"page": f"{ORIGIN}/docs/a", "device": "phone", "language": "de-AT", "fired": "0", "person": "user-6"}
    visit |= {"attributes": "seats=5\nplan=pro"}
    page = owner.get(path, query_string=visit).text
    assert "The form comes up." in page
    assert f"Pages of {ORIGIN} may submit." in page
    page = owner.get(path, query_string=visit | {"before": "later", "days": "2"}).text
    assert "does not come up by itself" in page
    assert "This person said “Ask me later” 2.0 days ago; 7 days have to pass" in page
    assert "This person has not met another survey; otherwise 30 days would have to pass" in page
    page = owner.get(path, query_string=visit | {"page": "https://elsewhere.example/docs/"}).text
    assert "may not submit" in page
    assert "does not come up by itself" in page
    fragment = owner.get(path, query_string=visit | {"device": ""}, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "It is not known what device this is." in fragment


def test_a_question_of_the_owners_own_is_added_tried_and_taken_away(owner: FlaskClient, database: Database, site: Site):
    page = "/survey/questions"
    typed = {"press": "add", "text.en": "What would make {site} a 9?", "segment": "passive", "page": "*/cart*, /pay"}
    assert send(owner, site, page, typed).status_code == 303
    [own] = json.loads(survey_of(database, site).questions)["question"]
    assert (own["segment"], own["page"], own["text"]) == (
        ["passive"],
        ["*/cart*", "/pay"],
        {"en": "What would make {site} a 9?"},
    )
    query = {"score": "8", "page": f"{ORIGIN}/cart"}
    asked = owner.get(f"/sites/{site.key}{page}", query_string=query, headers={"HX-Request": "true"}).text
    assert "What would make Shop a 9?" in asked
    assert "the page fits */cart*" in asked
    elsewhere = owner.get(f"/sites/{site.key}{page}", query_string={"score": "8", "page": "/home"}).text
    assert "the page fits" not in elsewhere
    send(owner, site, page, {"press": f"remove.{own['key']}"})
    assert survey_of(database, site).questions == ""


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"press": "add", "text.en": " "}, "text.en"),
        ({"press": "add", "text.en": "x", "words": "*"}, "words"),
        ({"press": "json", "json": "[]"}, "json"),
        ({"press": "json", "json": '{"question": [{"key": "a"}]}'}, "json"),
        ({"press": "pack", "pack": "none"}, "pack"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_question_stands_at_its_field(
    owner: FlaskClient, database: Database, site: Site, typed: dict[str, str], field: str
):
    reply = send(owner, site, "/survey/questions", typed)
    assert reply.status_code == 422
    assert f'id="{field}-wrong"' in reply.text
    assert survey_of(database, site).questions == ""


def test_more_questions_than_another_form_may_hold_are_taken_as_json(
    owner: FlaskClient, database: Database, site: Site
):
    many = [
        {"key": f"q-{number}", "frame": "open", "kind": "text", "text": {"en": f"{number}. {'x' * 250}"}}
        for number in range(100)
    ]
    typed = {"press": "json", "json": json.dumps({"question": many})}
    assert send(owner, site, "/survey/questions", typed).status_code == 303
    assert len(json.loads(survey_of(database, site).questions)["question"]) == 100
    assert send(owner, site, "/survey/questions", {"press": "json", "json": ""}).status_code == 303
    assert survey_of(database, site).questions == ""


def test_a_closed_survey_can_be_looked_at(owner: FlaskClient, site: Site):
    send(owner, site, "/survey", {"scale": "nps"})
    assert "&#34;open&#34;: true" in owner.get(f"/sites/{site.key}/survey/look/preview").text


def test_the_pack_is_changed(owner: FlaskClient, database: Database, site: Site):
    send(owner, site, "/survey/questions", {"press": "pack", "pack": "travel"})
    assert survey_of(database, site).pack == "travel"


def test_manners_are_saved_and_what_changed_is_written_down(owner: FlaskClient, database: Database, site: Site):
    assert send(owner, site, "/people", MANNERS).status_code == 303
    with database.reading() as tx:
        manners = manners_of(tx, site.id)
        [detail] = tx.scalars(select(ChangeRow.detail))
    assert (manners.days_reminder, manners.hour_first, manners.hour_last, manners.days, manners.zone) == (
        0,
        13,
        15,
        (0, 5),
        "Europe/Helsinki",
    )
    assert detail == {"changed": ["days_reminder", "hour_first", "hour_last", "days", "zone", "sms_countries"]}


def test_every_manner_has_its_field(owner: FlaskClient, site: Site):
    page = owner.get(f"/sites/{site.key}/people").text
    assert [name for name in NAMES if f'name="{name}"' not in page] == []


@pytest.mark.parametrize(
    ("name", "value"), [("days_rest", "0"), ("hour_last", "13"), ("zone", "Mars/Olympus"), ("days", [])]
)
def test_what_is_wrong_with_a_manner_stands_at_its_field(
    owner: FlaskClient, database: Database, site: Site, name: str, value: object
):
    reply = send(owner, site, "/people", MANNERS | {name: value})
    assert reply.status_code == 422
    assert f'id="{name}-wrong"' in reply.text
    with database.reading() as tx:
        assert manners_of(tx, site.id).zone == "UTC"


@pytest.mark.parametrize("page", [*PAGES, "/survey/why", "/survey/look/preview", "/survey/look/sample"])
def test_another_teams_survey_is_not_there(owner: FlaskClient, database: Database, page: str):
    with database.writing() as tx:
        other = make_site(tx, name="Theirs", team="Other")
    assert owner.get(f"/sites/{other.key}{page}").status_code == 404
    if page in PAGES:
        assert owner.post(f"/sites/{other.key}{page}").status_code == 404


def test_what_people_named_is_text_on_every_page(owner: FlaskClient, database: Database):
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with database.writing() as tx:
        site = make_site(tx, name=attack)
    send(owner, site, "/survey", {"prompt.en": attack, "open": "on"})
    send(owner, site, "/survey/categories", ROWS | {"label.0.en": attack[:40]})
    send(owner, site, "/survey/questions", {"press": "add", "text.en": attack})
    typed = {"page": attack, "comment": attack, "attributes": f"a={attack}", "language": attack, "person": attack}
    for page in ("", "/install", "/delete", *PAGES, "/survey/why", "/survey/look/preview", "/survey/look/sample"):
        text = owner.get(f"/sites/{site.key}{page}", query_string=typed).text
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
