"""The command line as its users type it."""

import csv
import io
import json
import os
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collector.accounts.you.actions import draft_second_step
from collector.cli import main
from collector.config import Settings, SettingsError, documented, read_settings
from collector.config.secret_file import signing_key
from collector.db import Database
from collector.notices.actions import add_rule
from collector.notices.rule import Wanted
from collector.outbox.models import EntryRow
from tests.make import NOW, make_member, make_site

SECRET = "a key for tests that is long enough to be one"


class Terminal:
    """Runs commands against one installation."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environ = {
            "LUKEWARM_DATA_DIR": str(folder),
            "LUKEWARM_DATABASE_URL": url,
            "LUKEWARM_SECRET_KEY": SECRET,
        }

    def __call__(self, *arguments: str, **environ: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environ | environ, catch_exceptions=False)


@pytest.fixture
def lukewarm(database_url: str, tmp_path: Path) -> Terminal:
    return Terminal(database_url, tmp_path)


@pytest.fixture
def site(lukewarm: Terminal) -> str:
    added = lukewarm("site", "add", "Shop", "--origin", "https://shop.example", "--industry", "ecommerce")
    assert added.exit_code == 0
    return added.stdout.strip()


def test_a_site_is_added_and_its_tag_printed(lukewarm: Terminal, site: str):
    assert site.startswith("site_")
    listed = lukewarm("site", "list").stdout
    assert f"{site}  Shop  ecommerce  en  https://shop.example" in listed
    tag = lukewarm("site", "tag", "Shop", LUKEWARM_PUBLIC_URL="https://feedback.example").stdout
    assert tag.strip() == (f'<script async crossorigin src="https://feedback.example/w/1/{site}.js"></script>')
    assert f'src="http://127.0.0.1:8000/w/1/{site}.js"' in lukewarm("site", "tag", "Shop").stdout


def test_a_tag_is_printed_in_the_variant_that_is_asked_for(lukewarm: Terminal, site: str):
    shared = lukewarm("site", "tag", "Shop", "--shared").stdout
    assert f'/w/1/widget.js" data-site="{site}"></script>' in shared
    assert f'/w/1/{site}.whole.js"' in lukewarm("site", "tag", "Shop", "--whole").stdout
    pinned = lukewarm("site", "tag", "Shop", "--pinned").stdout
    assert re.search(r'/w/1/widget\.[0-9a-f]{16}\.js" integrity="sha384-[A-Za-z0-9+/]{64}" data-site=', pinned)
    told = lukewarm("site", "tag", "Shop", "--pinned", "--settings", "--language", "de").stdout
    assert "integrity=" in told
    settings = json.loads(told.partition("data-settings='")[2].partition("'>")[0])
    assert (settings["language"], settings["text"]["send"]) == ("de", "Senden")


def test_settings_of_the_widget_are_shown_changed_and_replaced(lukewarm: Terminal, site: str, tmp_path: Path):
    def shown() -> Any:
        return json.loads(lukewarm("survey", "show", "Shop").stdout)

    before = shown()
    assert before["look"]["position"] == "right"
    changes = ("look.position=left", "look.accent=#7C3AED", "keep_partial=off", 'languages=["de","en"]')
    assert lukewarm("survey", "set", "Shop", *changes).exit_code == 0
    assert shown() == before | {
        "look": before["look"] | {"position": "left", "accent": "#7c3aed"},
        "keep_partial": False,
        "languages": ["de", "en"],
    }
    assert lukewarm("survey", "set", "Shop", "look.accent=null").exit_code == 0
    assert (shown()["look"]["accent"], shown()["look"]["position"]) == (None, "left")
    file = tmp_path / "widget.json"
    file.write_text(json.dumps(before))
    assert lukewarm("survey", "set", "Shop", str(file)).exit_code == 0
    assert shown() == before


def test_settings_of_the_widget_are_read_from_standard_input(lukewarm: Terminal, site: str):
    given = CliRunner().invoke(
        main, ("survey", "set", "Shop", "-"), env=lukewarm.environ, input='{"keep_partial": false}'
    )
    assert given.exit_code == 0
    assert json.loads(lukewarm("survey", "show", "Shop").stdout)["keep_partial"] is False


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        (("look.theme=grey",), 1, "/look/theme This is one of auto, light, dark."),
        (("look.accent=teal",), 1, "/look/accent 'teal' is not a colour."),
        (("look.scale=stars",), 1, "/look/scale Stars have five steps; the scale nps has 11."),
        (("look.size=big",), 1, "/look/size There is no such setting."),
        (("keep_partial.x=1",), 1, "/keep_partial"),
        (("look.theme=dark", "file.json"), 1, "'file.json' is neither one file alone nor name=value."),
        (("none.json",), 1, "none.json"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_changed(
    lukewarm: Terminal, site: str, changes: tuple[str, ...], code: int, said: str
):
    before = lukewarm("survey", "show", "Shop").stdout
    result = lukewarm("survey", "set", "Shop", *changes)
    assert result.exit_code == code
    assert said in result.stderr
    assert lukewarm("survey", "show", "Shop").stdout == before


def test_a_file_that_is_no_json_is_refused_in_a_line(lukewarm: Terminal, site: str, tmp_path: Path):
    file = tmp_path / "widget.json"
    file.write_text("{'look': 1}")
    result = lukewarm("survey", "set", "Shop", str(file))
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_every_fault_of_a_site_is_said_at_once(lukewarm: Terminal):
    result = lukewarm("site", "add", "X", "--origin", "shop.example", "--industry", "moon", "--language", "Deutsch")
    assert result.exit_code == 1
    for word in ("'shop.example'", "'moon'", "'Deutsch'"):
        assert word in result.stderr
    assert lukewarm("site", "list").stdout == ""


def test_a_second_site_of_the_same_name_is_refused(lukewarm: Terminal, site: str):
    assert lukewarm("site", "add", "Shop", "--origin", "https://b.example").exit_code == 1
    assert len(lukewarm("site", "list").stdout.splitlines()) == 1


def test_origins_and_kept_parameters_are_replaced(lukewarm: Terminal, site: str):
    assert lukewarm("site", "origins", "Shop", "https://a.example", "https://B.example:443").stdout.split() == [
        "https://a.example",
        "https://b.example",
    ]
    assert lukewarm("site", "origins", "Shop", "https://a.example/path").exit_code == 1
    assert lukewarm("site", "keep", "Shop", "plan").exit_code == 0


def test_categories_are_renamed_hidden_added_ordered(lukewarm: Terminal, site: str):
    assert lukewarm("category", "rename", "Shop", "price", "Costs").exit_code == 0
    assert lukewarm("category", "hide", "Shop", "bug").exit_code == 0
    assert lukewarm("category", "add", "Shop", "delivery", "Delivery").exit_code == 0
    assert lukewarm("category", "order", "Shop", "delivery", "price").exit_code == 0
    lines = lukewarm("category", "list", "Shop").stdout.splitlines()
    assert lines[:3] == ["delivery  Delivery", "price  Costs", "bug  Something is broken  (hidden)"]
    refused = lukewarm("category", "show", "Shop", "bug")
    assert refused.exit_code == 1
    assert "hide one first" in refused.stderr


def test_a_survey_is_closed_opened_and_worded(lukewarm: Terminal, site: str):
    for command in (("close", "Shop"), ("open", "Shop"), ("prompt", "Shop", "en", "Tell a friend about {site}?")):
        assert lukewarm("survey", *command).exit_code == 0
    refused = lukewarm("survey", "prompt", "Shop", "xx", "?")
    assert refused.exit_code == 1
    assert "'xx'" in refused.stderr


def test_a_key_is_shown_once_listed_by_its_beginning_and_revoked(lukewarm: Terminal):
    secret = lukewarm("key", "add", "BI", "--scope", "exports:read", "--days", "30").stdout.strip()
    listed = lukewarm("key", "list").stdout
    assert secret[:8] in listed
    assert secret not in listed
    assert "exports:read  expires" in listed
    assert lukewarm("key", "revoke", "1").exit_code == 0
    assert "revoked" in lukewarm("key", "list").stdout
    assert lukewarm("key", "revoke", "1").exit_code == 1
    assert lukewarm("key", "add", "BI", "--scope", "everything").exit_code == 1


def test_an_export_is_a_whole_file_or_none(lukewarm: Terminal, site: str, tmp_path: Path):
    file = tmp_path / "out.csv"
    assert lukewarm("export", "--site", "Shop", "--output", str(file), "--bom").exit_code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfid,site,")
    assert not list(tmp_path.glob("*.part"))
    printed = lukewarm("export", "--site", site, "--segment", "passive", "--since", "2026-01-01")
    assert next(csv.reader(io.StringIO(printed.stdout)))[0] == "id"
    assert lukewarm("export", "--site", "Shop", "--format", "jsonl").stdout == ""


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--site", "Nobody"), "'Nobody'"),
        (("--site", "Shop", "--segment", "lukewarm"), "segment"),
        (("--site", "Shop", "--since", "soon"), "since"),
        (("--site", "Shop", "--format", "xml"), "xml"),
    ],
)
def test_an_export_that_cannot_be_says_why(lukewarm: Terminal, site: str, options: tuple[str, ...], word: str):
    result = lukewarm("export", *options)
    assert result.exit_code in (1, 2)
    assert word in result.stderr
    assert result.stdout == ""


def test_work_once_does_what_is_due(lukewarm: Terminal, site: str, database: Database):
    with database.writing() as tx:
        tx.add(EntryRow(kind="response.recorded", payload={}, due_at=NOW - timedelta(days=365)))
    result = lukewarm("work", "--once")
    assert "1 done." in result.stderr


def test_a_database_that_is_away_is_one_clear_line(tmp_path: Path):
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    result = Terminal(url, tmp_path)("site", "list")
    assert result.exit_code == 1
    assert "The database cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_config_shows_every_setting_and_no_secret(lukewarm: Terminal):
    shown = lukewarm("config", LUKEWARM_OUTBOUND_NETWORKS="10.0.8.0/24, fd00:8::/64").stdout
    assert all(name in shown for name, *_ in documented())
    assert "long enough" not in shown
    assert "LUKEWARM_PORT=8000" in shown
    assert "LUKEWARM_OUTBOUND_NETWORKS=10.0.8.0/24,fd00:8::/64" in shown


def test_every_fault_of_the_settings_is_said_at_once(tmp_path: Path):
    environ = {
        "LUKEWARM_PORT": "eighty",
        "LUKEWARM_LOG_LEVEL": "loud",
        "LUKEWARM_DATABASE_URL": "mysql://x/y",
        "LUKEWARM_SECRET_KEY": "short",
        "LUKEWARM_PROT": "1",
        "LUKEWARM_WORKER": "yes",
        "LUKEWARM_PUBLIC_URL": "feedback.example.com",
        "LUKEWARM_CONFIGURATION_MAX_AGE": "nan",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    for name in environ:
        assert any(line.startswith(name + " ") for line in caught.value.errors), name
    result = CliRunner().invoke(main, ["site", "list"], env=environ)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == len(environ)


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    assert read_settings({"LUKEWARM_SECRET_KEY_FILE": str(file)}).secret_key == SECRET
    for environ in (
        {"LUKEWARM_SECRET_KEY_FILE": str(tmp_path / "missing")},
        {"LUKEWARM_SECRET_KEY_FILE": str(file), "LUKEWARM_SECRET_KEY": SECRET},
        {"LUKEWARM_PORT_FILE": str(file)},
    ):
        with pytest.raises(SettingsError):
            read_settings(environ)


def test_postgresql_needs_a_shared_secret():
    with pytest.raises(SettingsError, match="LUKEWARM_SECRET_KEY is needed"):
        read_settings({"LUKEWARM_DATABASE_URL": "postgresql://a@b/c"})


def test_an_address_of_postgresql_names_its_driver():
    environ = {"LUKEWARM_DATABASE_URL": "postgres://a:b@c/d?sslmode=require", "LUKEWARM_SECRET_KEY": SECRET}
    assert read_settings(environ).database == "postgresql+psycopg://a:b@c/d?sslmode=require"


def test_the_generated_secret_is_its_owners_alone(tmp_path: Path):
    settings = Settings(data_dir=tmp_path / "new")
    first = signing_key(settings)
    file = tmp_path / "new" / "secret.key"
    assert signing_key(settings) == first
    assert len(first) == 64
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_secret_is_made_and_what_is_hidden_is_moved_under_it(lukewarm: Terminal, database: Database):
    with database.writing() as tx:
        member = make_member(tx)
        draft_second_step(tx, member, SECRET.encode())
        wanted = Wanted("Prices", "slack", address="https://hooks.example/x")
        add_rule(tx, make_site(tx).team, member, wanted, SECRET.encode(), NOW)
    made = lukewarm("secret", "new")
    assert re.fullmatch(r"[0-9a-f]{64}\n", made.stdout)
    assert "on the next one" in made.stderr
    both = f"{made.stdout}{SECRET}"
    moved = lukewarm("secret", "move", LUKEWARM_SECRET_KEY=both)
    assert "1 second step and 1 address of webhooks moved." in moved.stderr
    assert "docs/settings.md" in moved.stderr
    assert (
        "0 second steps and 0 addresses of webhooks moved."
        in lukewarm("secret", "move", LUKEWARM_SECRET_KEY=both).stderr
    )
    assert "1 second step and 1 address of webhooks cannot be" in lukewarm("secret", "move").stderr


def test_without_a_setting_the_new_secret_begins_the_file(tmp_path: Path):
    environ = {"LUKEWARM_DATA_DIR": str(tmp_path / "new"), "LUKEWARM_SECRET_KEY": "", "LUKEWARM_DATABASE_URL": ""}
    said = CliRunner().invoke(main, ["secret", "new"], env=environ, catch_exceptions=False)
    assert (said.stdout, "begins with a new secret" in said.stderr) == ("", True)
    assert len((tmp_path / "new" / "secret.key").read_text().split()) == 2


def test_the_way_in_is_printed_until_somebody_can_sign_in(lukewarm: Terminal, database: Database):
    said = lukewarm("setup", LUKEWARM_PUBLIC_URL="https://feedback.example").stdout
    assert re.fullmatch(r"Set up the team's pages: https://feedback\.example/setup\?code=[a-z2-7]{26}\n", said)
    assert lukewarm("setup").stdout.rpartition("=")[2] == said.rpartition("=")[2]
    with database.writing() as tx:
        make_member(tx)
    assert lukewarm("setup").stdout == "The team's pages: http://127.0.0.1:8000/login\n"
