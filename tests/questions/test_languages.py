"""The packs in all their languages: nothing missing, nothing left over, each in the manner of its language."""

import re
import tomllib
from pathlib import Path

import pytest

from collector.questions import INDUSTRIES, LANGUAGES, pack, packs_for
from collector.questions.comment import read_comment, speaks_of
from collector.questions.fill import placeholders_in

PACKS = Path(__file__).parents[2] / "collector" / "questions" / "packs"
every_pack = pytest.mark.parametrize("industry", INDUSTRIES)

#: The familiar forms of address. Finnish services say “sinä”, English has no other form.
FAMILIAR = {
    "de": re.compile(r"\b(du|dir|dich|dein\w*|euch|euer\w*|ihnen|ihre[mnrs]?)\b"),
    "fr": re.compile(r"\b(tu|te|toi|ton|ta|tes)\b", re.IGNORECASE),
    "es": re.compile(r"\b(tú|te|tu|tus|ti|contigo)\b", re.IGNORECASE),
}
BEGGING = {
    "en": r"unfortunately|your (score|rating)|\b(9|10|nine|ten)\b|perfect score",
    "de": r"leider|punktzahl|ihre bewertung|\b(9|10|neun|zehn)\b",
    "fr": r"malheureusement|votre (note|score|évaluation)|\b(9|10|neuf|dix)\b",
    "es": r"lamentablemente|por desgracia|su (nota|puntuación|valoración)|\b(9|10|nueve|diez)\b",
    "fi": r"valitettavasti|arvosanasi|pisteesi|pistemäärä|\b(9|10|yhdeksän|kymmenen)\b",
}


def keys_of(industry: str) -> dict[str, set[str]]:
    """What a translation of the pack has to hold, by table."""
    data = tomllib.loads((PACKS / f"{industry}.toml").read_text("utf-8"))
    with_words = {area["key"] for area in data["area"] if "words" in area}
    return {
        "label": {area["key"] for area in data["area"]},
        "words": with_words | data.get("words", {}).keys(),
        "text": {question["key"] for question in data["question"]},
    }


@every_pack
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_translation_has_every_label_list_of_words_and_text_and_nothing_else(industry, language):
    found = tomllib.loads((PACKS / language / f"{industry}.toml").read_text("utf-8"))
    assert {table: set(found[table]) for table in found} == keys_of(industry)
    assert [name for name, words in found["words"].items() if not words] == []


def test_there_is_a_file_for_every_industry_and_language_and_no_other():
    expected = {Path(f"{industry}.toml") for industry in INDUSTRIES}
    expected |= {Path(language) / f"{industry}.toml" for language in LANGUAGES[1:] for industry in INDUSTRIES}
    assert {file.relative_to(PACKS) for file in PACKS.rglob("*.toml")} == expected


@every_pack
def test_every_language_asks_with_the_same_placeholders_and_as_many_wordings(industry):
    for questions in zip(*(pack(industry, language).questions for language in LANGUAGES), strict=True):
        asked = {tuple(frozenset(placeholders_in(text)) for text in question.variants) for question in questions}
        assert len(asked) == 1, questions[0].key


@every_pack
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_begged_pitied_or_addressed_too_familiarly(industry, language):
    texts = [text for question in pack(industry, language).questions for text in question.variants]
    assert [text for text in texts if re.search(BEGGING[language], text, re.IGNORECASE)] == []
    if language in FAMILIAR:
        assert [text for text in texts if FAMILIAR[language].search(text)] == []


@every_pack
def test_french_and_spanish_signs_are_set_as_french_and_spanish_set_them(industry):
    for question in pack(industry, "fr").questions:
        for text in question.variants:
            assert re.search(r"(?<!\u202f)[?!;»]|«(?!\u202f)|(?<!\u00a0):", text) is None, text
    for question in pack(industry, "es").questions:
        for text in question.variants:
            assert text.count("¿") == text.count("?"), text


@every_pack
@pytest.mark.parametrize(
    ("language", "comment"),
    [
        ("en", "My kind friend had a bad day and such things"),
        ("en", "I like the stand and the station"),
        ("de", "Ich finde die Seite gut und die Lage auch"),
        ("de", "Das Kind fand freundliche Zahlen im Buch"),
        ("fr", "À mon avis, il n’y a d’ailleurs rien à redire, y compris ton sourire"),
        ("fr", "Depuis mon téléphone, un seul écran, toute la journée, pour le reste"),
        ("es", "Desde el móvil no va mal, y por la tarde tampoco"),
        ("es", "Solo quiero decir que todo es bonito y de color rojo"),
        ("fi", "Koko viikon sivujen välillä oli mukavaa, siihen aikaan"),
        ("fi", "Tuli mieleen vanha talo ja sininen järvi"),
    ],
)
def test_everyday_words_are_not_mistaken_for_a_topic(industry, language, comment):
    about_people = {"freundlich*", "friend", "téléphone", "móvil", "écran"}
    reading = read_comment(comment)
    found = {speaks_of(reading, area.words) for area in pack(industry, language).areas.values()}
    found |= {speaks_of(reading, question.when.words) for question in pack(industry, language).questions}
    assert found - about_people == {None}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("fr", "fr"), ("fr-CA", "fr"), ("es-MX", "es"), ("fi-FI", "fi"), ("en-GB", "en"), ("sv", "en")],
)
def test_a_reader_gets_the_nearest_language(wanted, found):
    for one in packs_for("travel", wanted):
        assert {question.language for question in one.questions} == {found}
    assert packs_for("travel", wanted) == packs_for("travel", found)
