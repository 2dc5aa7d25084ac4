"""The survey's settings as the widget gets them."""

import pytest

from collector.sites.queries import sites
from collector.surveys import categories as rules
from collector.surveys.actions import set_categories, set_open, set_prompts
from collector.surveys.queries import surveys_of
from tests.make import make_site


def get(client, site, language=None, **headers):
    query = {"language": language} if language else {}
    return client.get(f"/v1/sites/{site.key}/survey", query_string=query, headers=headers)


def test_settings_hold_all_that_the_form_needs_and_nothing_else(client, site):
    settings = get(client, site).json
    assert settings["scale"] == {
        "name": "nps", "lowest": 0, "highest": 10,
        "lowest_label": "Not at all likely", "highest_label": "Extremely likely",
    }  # fmt: skip
    assert settings["prompt"] == "How likely are you to recommend Shop to a friend or colleague?"
    assert [category["key"] for category in settings["categories"]][-1] == "other"
    assert settings["open"] is True
    assert settings["text"] == {}
    assert set(settings["parts"]) == {"after", "inline"}
    assert settings["contact"] is settings["when"] is None
    assert settings["keep_partial"] is True
    assert settings["look"] == {
        "launcher": "button", "position": "right", "theme": "auto", "accent": None, "scale": "numbers",
    }  # fmt: skip
    assert set(settings) == {
        "survey", "version", "open", "language", "direction", "site", "scale", "prompt", "categories", "text",
        "look", "keep_partial", "contact", "when", "parts",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["de", "de-AT", "DE", "de-CH-1996"])
def test_settings_come_in_the_visitors_language(client, site, language):
    settings = get(client, site, language).json
    assert settings["language"] == "de"
    assert settings["text"]["send"] == "Senden"
    assert settings["categories"][0]["label"] == "Etwas ist defekt"


def test_an_unknown_language_falls_back_to_the_sites_then_to_english(client, database, site):
    with database.writing() as tx:
        german = make_site(tx, name="Laden", language="de-AT")
    assert get(client, german, "mt").json["language"] == "de"
    assert get(client, site, "mt").json["language"] == "en"


def test_the_owners_prompt_replaces_the_default_in_its_language(client, site, database):
    with database.writing() as tx:
        set_prompts(tx, surveys_of(tx, site.id)[0], {"en": "Would you tell a friend about {site}?"})
    assert get(client, site).json["prompt"] == "Would you tell a friend about Shop?"
    assert get(client, site, "de").json["prompt"].startswith("Wie wahrscheinlich")


def test_the_owners_prompt_in_a_language_serves_its_kinds(client, site, database):
    """The interface speaks the Portuguese of Brazil; whoever wrote a prompt in Portuguese meant its readers there too."""
    with database.writing() as tx:
        set_prompts(tx, surveys_of(tx, site.id)[0], {"pt": "Recomendaria {site}?"})
    settings = get(client, site, "pt-BR").json
    assert (settings["language"], settings["prompt"]) == ("pt-BR", "Recomendaria Shop?")


def test_the_tag_changes_with_the_settings_and_not_without(client, site, database):
    first = get(client, site)
    same = get(client, site, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["Access-Control-Allow-Origin"] == "*"
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        set_categories(tx, survey, rules.hide(survey.categories, "bug"))
    changed = get(client, site, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json["version"] != first.json["version"]
    assert get(client, site, "de").headers["ETag"] != changed.headers["ETag"]


def test_a_page_that_may_not_submit_is_told_before_anybody_writes(client, site):
    reply = get(client, site, Origin="https://www.shop.example")
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/origin-not-allowed")
    assert "'https://www.shop.example'" in reply.json["detail"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_the_sites_pages_may_read_the_settings_without_cookies(client, site):
    reply = get(client, site, Origin="https://shop.example")
    assert "Origin" in reply.headers["Vary"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    assert "Set-Cookie" not in reply.headers
    assert reply.headers["Cache-Control"] == "public, max-age=60"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_closed_survey_says_so(client, site, database):
    with database.writing() as tx:
        set_open(tx, surveys_of(tx, site.id)[0], False)
    assert get(client, site).json["open"] is False


def test_an_unknown_site_is_a_problem_that_any_page_may_read(client):
    reply = client.get("/v1/sites/site_nobody/survey")
    assert (reply.status_code, reply.json["type"]) == (404, "/problems/site-not-found")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_parameter_is_named(client, site):
    reply = client.get(f"/v1/sites/{site.key}/survey?lang=de")
    assert (reply.status_code, reply.json["errors"][0]["parameter"]) == (422, "lang")


def test_sites_of_one_name_in_two_teams_are_two(database):
    with database.writing() as tx:
        make_site(tx, name="Shop", team="A")
        make_site(tx, name="Shop", team="B")
        assert len(sites(tx)) == 2
