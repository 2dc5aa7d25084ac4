"""The question commands as their users type them."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Terminal

OWN = """
[[question]]
key = "mine"
frame = "open"
kind = "text"
segment = ["passive"]
text = { en = "What would you change?", de = "Was würden Sie ändern?" }
"""


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    made = Terminal(database_url, tmp_path)
    assert made("site", "add", "Shop", "--origin", "https://a.example", "--industry", "ecommerce").exit_code == 0
    return made


def test_a_preview_shows_the_question_the_areas_and_every_verdict(terminal: Terminal):
    page = ("--page", "https://a.example/kasse")
    told = terminal("question", "preview", "Shop", "--score", "7", "--category", "bug", *page).stdout
    assert "What did you see when it went wrong? One tap is enough." in told
    assert "[ ] An error message  (error-message)" in told
    assert "Question neutral/bug-silent-7 in en, wording 1 of 1." in told
    assert "neutral/bug-silent-7  fits, weight 43" in told
    assert "yes  category: bug  (wanted: bug)" in told
    assert "yes  score: 7  (wanted: 7)" in told
    nearly = told[told.index("questions are tried before it") :]
    assert "does not fit" in nearly
    assert "no   " in nearly


def test_a_preview_follows_the_language_and_can_show_everything(terminal: Terminal):
    options = ("--score", "8", "--comment", "Le colis a mis neuf jours jusqu'à Lille", "--language", "fr")
    told = terminal("question", "preview", "Shop", *options, "--all").stdout
    assert told.startswith("Merci. Qu’est-ce qui rendrait la prochaine livraison encore meilleure\u202f?")
    assert "yes  words: colis  (wanted: livr*, " in told
    assert "ecommerce/high-spoken  does not fit" in told
    assert "placeholders" not in told


def test_the_same_submission_is_previewed_alike(terminal: Terminal):
    one = "01900000-0000-7000-8000-000000000001"
    ask = ("question", "preview", "Shop", "--score", "8", "--submission", one)
    assert terminal(*ask).stdout == terminal(*ask).stdout


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--score", "11"), "it is 0 to 10 here"),
        (("--score", "7", "--category", "moon"), "the survey has bug, "),
        (("--score", "7", "--submission", "seven"), "not a valid UUID"),
    ],
)
def test_a_preview_of_what_cannot_be_says_why(terminal: Terminal, options: tuple[str, ...], reason: str):
    refused = terminal("question", "preview", "Shop", *options)
    assert refused.exit_code == 2
    assert reason in refused.stderr


def test_own_questions_are_stored_shown_asked_first_and_cleared(terminal: Terminal, tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(OWN, "utf-8")
    assert "Shop has 1 question of its own." in terminal("question", "own", "Shop", str(file)).stderr
    shown = terminal("question", "own", "Shop", "--show").stdout
    assert json.loads(shown)["question"][0]["key"] == "mine"
    preview = ("question", "preview", "Shop", "--score", "7", "--language", "de")
    assert terminal(*preview).stdout.startswith("Was würden Sie ändern?")
    assert "from the pack “Own questions”" in terminal(*preview).stdout
    (tmp_path / "again.json").write_text(shown, "utf-8")
    assert terminal("question", "own", "Shop", str(tmp_path / "again.json")).exit_code == 0
    assert terminal("question", "own", "Shop", "--clear").exit_code == 0
    assert terminal("question", "own", "Shop", "--show").stdout.strip() == "{}"
    assert terminal(*preview).stdout.startswith("Was davon hat Sie zögern lassen?")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "own.toml",
            OWN.replace('"open"', '"pushy"'),
            "/question/0/frame  own, question mine: frame is one of obstacle",
        ),
        ("own.toml", OWN.replace("change?", "{name}?"), "/question/0/text/en  own, question mine: en has the unknown"),
        ("own.toml", "question = 1", "/question  own: question is a list of tables"),
        ("own.toml", "", "/question  own: there is no question"),
        ("own.toml", "[[question]", "own.toml cannot be read"),
        ("own.json", "[]", "own.json holds no tables of questions"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused_with_their_place(
    terminal: Terminal, tmp_path: Path, name: str, text: str, reason: str
):
    (tmp_path / name).write_text(text, "utf-8")
    refused = terminal("question", "own", "Shop", str(tmp_path / name))
    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert terminal("question", "own", "Shop", "--show").stdout.strip() == "{}"


def test_one_thing_is_done_with_own_questions_at_a_time(terminal: Terminal):
    for options in ((), ("--show", "--clear")):
        assert "Give a file, --show or --clear." in terminal("question", "own", "Shop", *options).stderr
