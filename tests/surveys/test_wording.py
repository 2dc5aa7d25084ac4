"""Languages: every one whole, written as its readers write, short where there is little room; and the choice among them."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.surveys import wording as module
from collector.surveys.wording import LANGUAGES, best_language, wording

FOLDER = Path(module.__file__).with_name("languages")
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_other = pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])

#: How much room there is, in letters; those of Chinese, Japanese and Korean are twice as wide. A panel is 280 px wide inside
#: on the narrowest phone.
ROOM = {
    r"widget/launcher|widget/send": 14,
    r"widget/optional": 16,
    r"widget/(title|category|comment|areas|answer)": 28,
    r"widget/(sending|answered|skip)|when/.*": 20,
    r"widget/manage": 36,
    r"contact/(email|phone|agree)": 24,
    r"pages/(correct|save|erase|erase_yes|back)": 30,
    r"faces/.*|scales/.*/(lowest|highest)|categories/.*/label": 24,
    r"scales/thumbs/(lowest|highest)": 8,
    r"scales/.*/prompt": 90,
    r"categories/.*/hint": 64,
    r"widget/privacy": 76,
}
#: Words that stand side by side in one row.
ROWS = [
    (("widget/answered", "widget/skip"), 28),
    *(((f"scales/{scale}/lowest", f"scales/{scale}/highest"), 42) for scale in ("nps", "csat", "ces")),
]
#: Said in this language as in English.
SAME = {
    "da": {"widget/launcher": "Feedback", "widget/send": "Send"},
    "de": {"widget/launcher": "Feedback"},
    "es": {"categories/suggestion/label": "Idea", "scales/thumbs/lowest": "No"},
    "fi": {"categories/suggestion/label": "Idea"},
    "fr": {"categories/question/label": "Question"},
    "it": {"categories/suggestion/label": "Idea", "scales/thumbs/lowest": "No"},
    "nb": {"widget/send": "Send"},
    "nl": {"widget/launcher": "Feedback", "pages/score": "Score"},
}
#: Latin words that are written in Latin letters everywhere.
LATIN_WORDS = {"Cookie", "cookie", "cookies", "SMS", "e", "mail"}
SCRIPTS = {
    "ar": "ARABIC",
    "el": "GREEK",
    "he": "HEBREW",
    "ja": "CJK|HIRAGANA|KATAKANA",
    "ko": "HANGUL",
    "ru": "CYRILLIC",
    "uk": "CYRILLIC",
    "zh": "CJK",
    "zh-Hant": "CJK",
}


def text_of(language: str) -> str:
    return (FOLDER / f"{language}.json").read_text("utf-8")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string with where it stands, as `widget/send` or `faces/0`."""
    if isinstance(value, str):
        yield path, value
        return
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(inner, f"{path}/{name}" if path else str(name))


def words_of(language: str) -> dict[str, str]:
    return dict(leaves(json.loads(text_of(language))))


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shown_width(text: str) -> int:
    """A site's name of ten letters and a date in words stand in for what is put in."""
    return width(text.replace("{site}", "x" * 10).replace("{date}", "x" * 18))


def test_every_file_is_on_the_list_and_every_entry_has_its_file():
    assert sorted(f"{language}.json" for language in LANGUAGES) == sorted(path.name for path in FOLDER.iterdir())


@each_language
def test_files_can_be_compared_line_by_line(language: str):
    """Same keys, same order, same lines as English."""

    def keys(text: str) -> list[str]:
        return [line.split('": ')[0] for line in text.split("\n")]

    assert keys(text_of(language)) == keys(text_of("en"))
    assert list(words_of(language)) == list(words_of("en"))
    assert text_of(language).endswith("}\n")


@each_language
def test_a_language_is_read_whole(language: str):
    words = wording(language)
    assert (words.language, len(words.faces)) == (language, 5)
    assert words.name == words_of(language)["name"]


@each_language
def test_placeholders_are_those_of_the_english_sentence(language: str):
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"\{[^}]*\}|[{}]", text))

    english = words_of("en")
    assert [at for at, text in words_of(language).items() if placeholders(text) != placeholders(english[at])] == []


@pytest.mark.parametrize(("language", "shown"), [("he", "\u2068Shop (EU)\u2069"), ("de", "Shop (EU)")])
def test_a_sites_name_keeps_its_brackets_in_text_from_right_to_left(language: str, shown: str):
    words = wording(language)
    assert f" {shown}" in words.naming(words.pages["form"], "Shop (EU)")


@each_language
def test_no_text_is_empty_or_has_stray_blanks(language: str):
    stray = re.compile(r"^\s|\s$|\s\s|[\t\n]")
    assert [at for at, text in words_of(language).items() if not text or stray.search(text)] == []


@each_language
def test_letters_are_composed_and_nothing_invisible_is_among_them(language: str):
    for at, text in words_of(language).items():
        assert unicodedata.is_normalized("NFC", text), at
        assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cn")], at


@each_language
def test_signs_are_the_printed_ones_and_nobody_shouts(language: str):
    typed = re.compile(r"[!！'\"`´]| - |--|\.\.|[«»„“”]")
    assert [at for at, text in words_of(language).items() if typed.search(text)] == []


@each_language
def test_signs_have_the_space_before_them_that_the_language_wants(language: str):
    """French sets off ? ! ; by a narrow space and : by a full one, neither of which breaks the line."""
    right = {"?": "\u202f", "!": "\u202f", ";": "\u202f", ":": "\u00a0"} if language == "fr" else {}
    for at, text in words_of(language).items():
        for found in re.finditer(r"(\s?)([?!;:])", text):
            assert found[1] == right.get(found[2], ""), at
        assert not re.search(r"[\u00a0\u202f](?![?!;:])", text), at


@each_language
def test_the_direction_is_that_of_the_languages_own_name(language: str):
    words = wording(language)
    letters = {unicodedata.bidirectional(letter) for letter in words.name if letter.isalpha()}
    assert words.direction == ("rtl" if letters <= {"R", "AL"} else "ltr")


@each_other
def test_nothing_is_left_in_english(language: str):
    english = words_of("en")
    same = {at: text for at, text in words_of(language).items() if text == english[at]}
    same.pop("direction", None)
    assert same == SAME.get(language, {})


@each_language
def test_words_are_written_in_the_languages_own_letters(language: str):
    script = SCRIPTS.get(language, "LATIN")
    for at, text in words_of(language).items():
        if at == "direction":
            continue
        for word in re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", "", text)):
            if script != "LATIN" and (latin := re.findall("[A-Za-z]+", word)):
                assert set(latin) <= LATIN_WORDS, at
                word = re.sub("[A-Za-z]+", "", word)
            assert [letter for letter in word if not re.match(script, unicodedata.name(letter))] == [], (at, word)


@pytest.mark.parametrize(("language", "charset"), [("zh", "gb2312"), ("zh-Hant", "big5")])
def test_simplified_and_traditional_signs_are_not_mixed(language: str, charset: str):
    """Each of the old character sets holds one script only."""
    assert [sign for sign in text_of(language) if sign.isalpha() and not sign.encode(charset, "ignore")] == []


@each_language
def test_words_fit_where_there_is_little_room(language: str):
    long = [
        (at, text)
        for at, text in words_of(language).items()
        for where, room in ROOM.items()
        if re.fullmatch(where, at) and shown_width(text) > room
    ]
    assert long == []


@each_language
def test_words_side_by_side_fit_into_one_row(language: str):
    words = words_of(language)
    assert [places for places, room in ROWS if sum(width(words[at]) for at in places) > room] == []


@each_language
def test_what_is_chosen_between_can_be_told_apart(language: str):
    words = wording(language)
    labels = [category["label"] for category in words.categories.values()]
    assert len(set(labels)) == len(labels)
    assert len(set(words.faces)) == 5
    assert words.when["later"] != words.when["never"]
    assert all(ends["lowest"] != ends["highest"] for ends in words.scales.values())


@each_language
def test_faces_say_what_the_ends_of_their_scale_say(language: str):
    words = wording(language)
    assert (words.faces[0], words.faces[-1]) == (words.scales["csat"]["lowest"], words.scales["csat"]["highest"])


def test_every_language_has_a_name_of_its_own():
    assert len({wording(language).name for language in LANGUAGES}) == len(LANGUAGES)


def test_a_language_is_read_when_it_is_first_asked_for():
    """A process that serves one language must not pay for all of them when it starts."""
    count = "from collector.surveys.wording import wording; print(wording.cache_info().currsize, end=' ')"
    code = f"import collector.app; {count}; wording('fi'); {count}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 1 "


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("de", "de"), ("DE", "de"), ("de-AT", "de"), ("de-CH-1996", "de"), ("de_DE", "de"), (" fr ", "fr"),
        ("pt", "pt"), ("pt-PT", "pt"), ("pt-AO", "pt"), ("pt-BR", "pt-BR"), ("pt_BR", "pt-BR"), ("PT-br", "pt-BR"),
        ("zh", "zh"), ("zh-CN", "zh"), ("zh-SG", "zh"), ("zh-Hans", "zh"), ("zh-Hans-HK", "zh"),
        ("zh-Hant", "zh-Hant"), ("zh-hant-hk", "zh-Hant"), ("zh-TW", "zh-Hant"), ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant"),
        ("nb", "nb"), ("nb-NO", "nb"), ("no", "nb"), ("no-NO", "nb"), ("nn-NO", "nb"),
        ("he", "he"), ("iw", "he"), ("iw-IL", "he"), ("he_IL", "he"),
        ("es-419", "es"), ("en-GB", "en"), ("xx-YY", "en"), ("", "en"), ("-", "en"), ("*", "en"), ("deutsch", "en"),
    ],
)  # fmt: skip
def test_a_wish_is_met_exactly_then_by_its_base_then_in_english(wish: str, found: str):
    assert best_language(wish) == found


def test_the_next_wish_counts_where_one_cannot_be_met():
    assert best_language(None, "", "mt", "pt-BR", "fi") == "pt-BR"
    assert best_language("mt", "zh-TW") == "zh-Hant"
    assert best_language() == "en"


@given(st.lists(st.none() | st.text() | st.from_regex(r"[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}"), max_size=4))
def test_any_wish_gets_a_language_that_there_are_words_for(wishes: list[str | None]):
    assert best_language(*wishes) in LANGUAGES


@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from([str.lower, str.upper, str.swapcase]),
    st.sampled_from("-_"),
    st.sampled_from(["", "-x-private", "-u-nu-latn"]),
)
def test_a_language_is_found_in_any_spelling_of_its_tag(language: str, write, joint: str, rest: str):
    assert best_language(write(language + rest).replace("-", joint)) == language
