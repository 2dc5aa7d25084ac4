"""The owner's settings of the widget: read with a pointer for each fault, stored, and told to the page."""

import pytest
from sqlalchemy import text

from collector.problems import ValidationFailed
from collector.surveys.actions import set_widget
from collector.surveys.queries import surveys_of
from collector.surveys.schemas import read_widget_settings
from collector.surveys.targeting import parse
from collector.surveys.widget import Look, WidgetSettings
from tests.make import make_site


def get(client, site, language=None):
    reply = client.get(f"/v1/sites/{site.key}/survey", query_string={"language": language} if language else {})
    assert reply.status_code == 200
    return reply.json


def settle(database, site, **settings):
    with database.writing() as tx:
        set_widget(tx, surveys_of(tx, site.id)[0], read_widget_settings(settings))


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([], ""),
        ({"looks": {}}, "/looks"),
        ({"look": []}, "/look"),
        ({"look": {"launcher": "popup"}}, "/look/launcher"),
        ({"look": {"launcher": None}}, "/look/launcher"),
        ({"look": {"position": "top"}}, "/look/position"),
        ({"look": {"theme": 1}}, "/look/theme"),
        ({"look": {"accent": "teal"}}, "/look/accent"),
        ({"look": {"accent": 7}}, "/look/accent"),
        ({"look": {"accent": "#fff}</style>"}}, "/look/accent"),
        ({"look": {"scale": "hearts"}}, "/look/scale"),
        ({"look": {"colour": "#fff"}}, "/look/colour"),
        ({"keep_partial": "maybe"}, "/keep_partial"),
        ({"keep_partial": None}, "/keep_partial"),
        ({"when": []}, "/when"),
        ({"when": "always"}, "/when"),
        ({"when": {}}, "/when/triggers"),
        ({"when": {"triggers": [{"kind": "seconds", "after": -1}]}}, "/when/triggers/0/after"),
        ({"when": {"triggers": [{"kind": "exit"}], "whom": []}}, "/when/whom"),
        ({"consent": "yes"}, "/consent"),
        ({"consent": {"tlh": {}}}, "/consent/tlh"),
        ({"consent": {"en": {"pigeon": "x"}}}, "/consent/en"),
        ({"consent": {"en": {"email": 1}}}, "/consent/en/email"),
        ({"languages": "de"}, "/languages"),
        ({"languages": ["en", "tlh"]}, "/languages/1"),
        ({"languages": ["de-AT"]}, "/languages/0"),
    ],
)
def test_every_fault_is_named_by_its_place(value, pointer):
    with pytest.raises(ValidationFailed) as refused:
        read_widget_settings(value)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_all_faults_are_told_at_once():
    with pytest.raises(ValidationFailed) as refused:
        read_widget_settings({"look": {"theme": "grey", "accent": "x"}, "languages": ["xx"], "when": 1})
    assert {fault.pointer for fault in refused.value.faults} == {
        "/look/theme", "/look/accent", "/languages/0", "/when",
    }  # fmt: skip


def test_nothing_said_is_every_default():
    assert read_widget_settings({}) == read_widget_settings({"look": {}}) == WidgetSettings()


def test_a_colour_is_kept_in_one_form_and_a_language_once():
    read = read_widget_settings({"look": {"accent": "#7C3"}, "languages": ["de", "en", "de"]})
    assert (read.look, read.languages) == (Look(accent="#77cc33"), ("de", "en"))


def test_what_is_stored_is_what_is_read_again(database, site):
    settle(
        database, site, look={"launcher": "tab", "position": "left", "accent": "#abcdef"}, keep_partial=False,
        languages=["de"], contact=True, consent={"de": {"email": "{site} darf schreiben."}},
    )  # fmt: skip
    with database.reading() as tx:
        stored = surveys_of(tx, site.id)[0].widget
    assert stored == WidgetSettings(
        look=Look(launcher="tab", position="left", accent="#abcdef"),
        keep_partial=False,
        languages=("de",),
        contact=True,
        consent={"de": {"email": "{site} darf schreiben."}},
    )


def test_a_survey_from_before_these_settings_has_the_defaults(database, site):
    with database.writing() as tx:
        tx.execute(text("update survey set widget = '{}'"))
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].widget == WidgetSettings()


@pytest.mark.parametrize("scale", ["nps", "ces", "thumbs"])
@pytest.mark.parametrize("drawing", ["stars", "faces"])
def test_only_five_steps_are_drawn(database, scale, drawing):
    with database.writing() as tx:
        site = make_site(tx, scale=scale)
    with pytest.raises(ValidationFailed) as refused:
        settle(database, site, look={"scale": drawing})
    assert [fault.pointer for fault in refused.value.faults] == ["/look/scale"]
    with database.reading() as tx:
        assert surveys_of(tx, site.id)[0].widget == WidgetSettings()


def test_drawn_steps_have_names_in_the_visitors_language_and_numbered_ones_have_none(client, database):
    with database.writing() as tx:
        site = make_site(tx, scale="csat")
    assert "faces" not in get(client, site)
    settle(database, site, look={"scale": "faces"})
    assert get(client, site)["faces"] == ["Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"]
    assert len(get(client, site, "de")["faces"]) == 5
    assert get(client, site, "de")["faces"] != get(client, site)["faces"]
    assert get(client, site)["look"]["scale"] == "faces"


def test_an_accent_reaches_the_page_corrected(client, database, site):
    assert get(client, site)["look"]["accent"] is None
    settle(database, site, look={"accent": "#ffee00"})
    accent = get(client, site)["look"]["accent"]
    assert accent.keys() == {"light", "dark", "on_light", "on_dark"}
    assert (accent["dark"], accent["on_dark"]) == ("#ffee00", "#000000")
    assert accent["light"] != "#ffee00"


def test_words_of_the_rules_come_with_the_rules(client, database, site):
    assert "later" not in get(client, site, "de")["text"]
    settle(database, site, when={"triggers": [{"kind": "seconds", "after": 10}]})
    german, english = get(client, site, "de"), get(client, site)
    assert german["text"]["later"] == "Später fragen"
    assert german["text"]["send"] == "Senden"
    assert english["text"] == {}
    assert english["when"]["triggers"] == [{"kind": "seconds", "after": 10}]
    assert english["when"] == german["when"] == parse(english["when"]).as_settings()


def test_the_version_changes_with_every_setting(client, database, site):
    versions = [get(client, site)["version"]]
    for settings in ({"look": {"theme": "dark"}}, {"keep_partial": False}, {"languages": ["de"]}, {"contact": True}):
        settle(database, site, **settings)
        versions.append(get(client, site)["version"])
    assert len(set(versions)) == len(versions)
