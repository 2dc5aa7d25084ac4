"""Every address of the script: its forms, tags, lifetimes, and what is there when something is not."""

import gzip
import hashlib
import json
import subprocess
from dataclasses import asdict, replace

import brotli
import pytest
from sqlalchemy import update

from collector.app import create_app
from collector.surveys.actions import set_open, set_prompts, set_widget
from collector.surveys.models import SurveyRow
from collector.surveys.queries import surveys_of
from collector.surveys.schemas import read_widget_settings
from collector.surveys.widget import Look, WidgetSettings
from collector.widget.built import built
from collector.widget.script import brief
from tests.make import ORIGIN, make_site
from tests.widget.test_script import NODE, WORDS

#: Settings for which every part is needed.
EVERYTHING = {
    "look": {"launcher": "inline", "scale": "faces", "accent": "#ffee00"},
    "when": {"triggers": [{"kind": "event", "name": "</script>\u2028"}]},
    "contact": True,
    "languages": ["zh-Hant", "ar", "en"],
}

KINDS = ("alias", "core", "part", "site")
CODINGS = {None: None, "br": "br", "gzip": "gzip", "gzip, br": "br"}
UNPACK = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}


def path_of(kind: str, site) -> str:
    return {
        "alias": "/w/1/widget.js",
        "core": built().path("widget"),
        "part": built().path("scales"),
        "site": f"/w/1/{site.key}.js",
    }[kind]


def get(client, path, coding=None, **headers):
    return client.get(path, headers=headers | ({"Accept-Encoding": coding} if coding else {}))


@pytest.fixture
def where(site):
    return lambda kind: path_of(kind, site)


@pytest.fixture
def change(database, site):
    def settle(**settings):
        with database.writing() as tx:
            set_widget(tx, surveys_of(tx, site.id)[0], WidgetSettings(**settings))

    return settle


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("coding", CODINGS)
def test_every_script_comes_in_every_coding(client, where, kind, coding):
    plain, reply = get(client, where(kind)), get(client, where(kind), coding)
    found = reply.headers.get("Content-Encoding")
    assert (reply.status_code, found) == (200, CODINGS[coding])
    assert UNPACK[found](reply.data) == plain.data
    assert int(reply.headers["Content-Length"]) == len(reply.data)
    assert found is None or len(reply.data) < len(plain.data) / 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_has_a_strong_tag_of_its_own_and_is_not_sent_twice(client, where, kind):
    tags = {coding: get(client, where(kind), coding).headers["ETag"] for coding in (None, "br", "gzip")}
    assert len(set(tags.values())) == 3
    assert not any(tag.startswith("W/") for tag in tags.values())
    for coding, tag in tags.items():
        again = get(client, where(kind), coding, **{"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert get(client, where(kind), "br", **{"If-None-Match": tags["gzip"]}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_look_says_what_a_download_would(client, where, kind, coding):
    whole = get(client, where(kind), coding)
    look = client.head(where(kind), headers={"Accept-Encoding": coding} if coding else {})
    assert (look.status_code, look.data) == (200, b"")
    assert dict(look.headers) | {"Date": ""} == dict(whole.headers) | {"Date": ""}


@pytest.mark.parametrize("kind", KINDS)
def test_any_page_may_load_time_and_check_it(client, where, kind):
    headers = get(client, where(kind), Origin=ORIGIN).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Timing-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Set-Cookie" not in headers
    assert set(headers["Vary"].split(", ")) == {"Accept-Encoding"} | ({"Origin"} if kind == "site" else set())


@pytest.mark.parametrize(("coding", "most"), [("br", 5_000), ("gzip", 5_600)])
def test_a_sites_script_is_as_small_as_the_front_page_says(client, where, coding, most):
    """With the settings of a survey that nobody has changed, in English."""
    assert len(get(client, where("site"), coding).data) <= most


@pytest.mark.parametrize(
    ("kind", "cache"),
    [
        ("alias", "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"),
        ("core", "public, max-age=31536000, immutable"),
        ("part", "public, max-age=31536000, immutable"),
        ("site", "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"),
    ],
)
def test_each_is_kept_as_long_as_it_stays_true(client, where, kind, cache):
    assert get(client, where(kind)).headers["Cache-Control"] == cache


def test_an_address_with_a_hash_is_the_hash_of_its_bytes(client):
    for name, text in built().texts.items():
        path = f"/w/1/{name}.{hashlib.sha256(text.encode()).hexdigest()[:16]}.js"
        assert (built().path(name), get(client, path).data) == (path, text.encode())
    assert get(client, built().path("widget")).data == get(client, "/w/1/widget.js").data


@pytest.mark.parametrize(
    "path",
    [
        "/w/1/widget..js",
        "/w/1/none.0123456789abcdef.js",
        "/w/1/site_nobody.js",
        "/w/1/.js",
        "/w/1/%00.js",
        "/w/1/site_x.0123456789abcdef.js",
        "/w/1/after.0123456789abcde.js",
        "/w/1/after.0123456789ABCDEF.js",
        "/w/1/after.0123456789abcdef.0123456789abcdef.js",
        "/w/1/manifest.json",
        "/w/1/..%2Fmanifest.js",
        "/w/2/widget.js",
    ],
)
def test_what_is_not_there_is_a_problem_that_no_browser_runs_or_keeps(client, path):
    reply = get(client, path, Origin=ORIGIN)
    assert (reply.status_code, reply.mimetype) == (404, "application/problem+json")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"


def test_another_files_hash_is_no_hash_of_this_one(client):
    digest = built().digest("scales")
    assert get(client, f"/w/1/widget.{digest}.js").status_code == 302
    assert get(client, f"/w/1/widget.{built().digest('widget')[:-1]}.js").status_code == 404
    assert get(client, f"/w/1/widget.{built().digest('widget').upper()}.js").status_code == 404


@pytest.mark.parametrize("name", ["after", "widget"])
def test_a_page_from_before_this_release_is_led_to_todays_file(client, name):
    reply = get(client, f"/w/1/{name}.0123456789abcdef.js", Origin=ORIGIN)
    assert (reply.status_code, reply.headers["Location"]) == (302, built().path(name))
    assert (reply.headers["Cache-Control"], reply.headers["Access-Control-Allow-Origin"]) == ("no-store", "*")


def parts_of(*names: str) -> str:
    texts = ((name, built().texts[name].removeprefix("export default ").strip()) for name in names)
    return f"parts:{{{','.join(f'{name}:({text})' for name, text in texts)}}}}}"


def baked_into(client, path, *parts: str, **headers) -> dict:
    """What the site's script carries beside these parts, as JavaScript reads it."""
    script = get(client, path, **headers).get_data(as_text=True)
    before, after = built().texts["site"].split('"lukewarm:baked"')
    assert script.startswith(before)
    assert script.endswith(after)
    object_text = script[len(before) : len(script) - len(after)]
    assert object_text.endswith(parts_of(*parts))
    assert NODE is not None
    said = f"process.stdout.write(JSON.stringify({object_text.removesuffix(parts_of(*parts))}}}))"
    return json.loads(
        subprocess.run([NODE, "-"], input=said.encode(), capture_output=True, check=True, timeout=60).stdout
    )


def test_a_sites_script_carries_its_settings_as_they_are_asked_for_elsewhere(client, site, where):
    asked = client.get(f"/v1/sites/{site.key}/survey").json
    found = baked_into(client, where("site"))
    assert found == {"site": site.key, "surveys": {"en": brief(asked, ())}}


def test_it_carries_the_languages_that_its_owner_wants_and_the_sites_own_otherwise(client, database, change, where):
    with database.writing() as tx:
        german = make_site(tx, name="Laden", language="de-AT")
    assert list(baked_into(client, path_of("site", german))["surveys"]) == ["de"]
    change(languages=("de", "en"))
    surveys = baked_into(client, where("site"), "languages")["surveys"]
    assert list(surveys) == ["de", "en"]
    assert surveys["de"]["text"]["send"] == "Senden"


def test_it_carries_the_parts_that_it_needs_and_no_others(client, database, where):
    with database.writing() as tx:
        site = make_site(tx, name="Drawn", scale="csat")
        set_widget(tx, surveys_of(tx, site.id)[0], WidgetSettings(look=Look(scale="stars")))
    found = baked_into(client, path_of("site", site), "scales")
    assert found["surveys"]["en"]["parts"] == {"after": built().path("after")}
    assert "scales" not in baked_into(client, where("site"))["surveys"]["en"]["parts"]


def test_the_whole_of_it_carries_what_would_else_be_fetched_at_the_opening(client, site):
    found = baked_into(client, f"/w/1/{site.key}.whole.js", "after")
    assert "after" not in found["surveys"]["en"]["parts"]
    assert get(client, f"/w/1/{site.key}.whole.js").headers["Cache-Control"].startswith("public, max-age=60,")


def test_a_change_of_the_survey_changes_the_script_and_its_tag(client, database, site, where):
    first = get(client, where("site"), "br")
    with database.writing() as tx:
        set_prompts(tx, surveys_of(tx, site.id)[0], {"en": 'Was </script> here? It\'s "{site}"'})
    second = get(client, where("site"), "br", **{"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert baked_into(client, where("site"))["surveys"]["en"]["prompt"] == 'Was </script> here? It\'s "Shop"'
    assert b"</script>" not in get(client, where("site")).data


@pytest.mark.parametrize("words", WORDS)
def test_whatever_an_owner_wrote_it_is_a_script_and_a_module(client, database, site, where, words):
    with database.writing() as tx:
        survey = surveys_of(tx, site.id)[0]
        tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(prompt={"en": words or "?"}))
        everything = read_widget_settings(EVERYTHING)
        tx.execute(update(SurveyRow).where(SurveyRow.id == survey.id).values(widget=asdict(everything)))
    reads = "const s=require('node:fs').readFileSync(0,'utf8'),vm=require('node:vm');"
    compiles = "new vm.Script(s);new vm.SourceTextModule(s)"
    assert NODE is not None
    done = subprocess.run(
        [NODE, "--no-warnings", "--experimental-vm-modules", "-e", reads + compiles],
        input=get(client, where("site")).data,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_survey_is_silent_and_comes_back(client, database, site, where):
    open_tag = get(client, where("site")).headers["ETag"]
    with database.writing() as tx:
        set_open(tx, surveys_of(tx, site.id)[0], False)
    reply = get(client, where("site"))
    assert (reply.status_code, len(reply.data) < 300) == (200, True)
    assert "The survey of this site is closed." in reply.text
    assert "max-age=60" in reply.headers["Cache-Control"]
    with database.writing() as tx:
        set_open(tx, surveys_of(tx, site.id)[0], True)
    assert get(client, where("site")).headers["ETag"] == open_tag


def test_a_site_without_a_survey_is_silent(client, database, site, where):
    with database.writing() as tx:
        tx.query(SurveyRow).delete()
    assert "This site has no survey." in get(client, where("site")).text


def test_a_page_that_may_not_submit_is_told_in_its_console_and_shows_nothing(client, where):
    told = get(client, where("site"), Origin="https://elsewhere.example")
    assert (told.status_code, len(told.data) < 300) == (200, True)
    assert "lukewarm site origins" in told.text
    assert "elsewhere" not in told.text
    assert len(get(client, where("site"), Origin=ORIGIN).data) > 5000


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "evil.example/x"])
def test_nothing_in_a_script_comes_from_the_host_that_was_asked(client, settings, database, where, host):
    assert get(client, where("site"), Host=host).data == get(client, where("site")).data
    public = create_app(replace(settings, public_url="https://feedback.example"), database).test_client()
    told = baked_into(public, where("site"), Host=host, **{"X-Forwarded-Host": host})
    assert told["base"] == "https://feedback.example"
    assert host not in public.get(where("site"), headers={"Host": host}).text
