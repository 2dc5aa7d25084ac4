import tomllib

import pytest

from collector.questions.parse import PackError, read_pack

GOOD = """
name = "trial"
title = "Trial"

[[area]]
key = "speed"
label = { en = "Speed", de = "Geschwindigkeit" }
words.en = ["slow*", "takes forever"]
words.de = ["langsam*", "GRÖSSE"]

[[question]]
key = "first"
frame = "obstacle"
kind = "both"
segment = ["passive"]
band = ["middle"]
score = [7]
category = ["bug"]
page = ["*/cart*"]
comment = ["plain"]
words = ["late"]
text = { en = "What about {site}?", de = "Was ist mit {site}?" }
areas = ["speed"]
about = ["speed"]
"""


def refusal(toml: str) -> str:
    with pytest.raises(PackError) as refused:
        read_pack(tomllib.loads(toml), "en")
    return str(refused.value)


def question(**changed: str) -> str:
    lines = {"key": '"q"', "frame": '"open"', "kind": '"text"', "text": '{ en = "What?" }'} | changed
    body = "\n".join(f"{name} = {value}" for name, value in lines.items() if value)
    area = '[[area]]\nkey = "speed"\nlabel = { en = "Speed" }\n'
    return f'name = "trial"\ntitle = "Trial"\n{area}[[question]]\n{body}\n'


def area(body: str) -> str:
    return f'name = "trial"\ntitle = "Trial"\n[[area]]\n{body}\n'


def test_a_good_pack_is_read_whole():
    pack = read_pack(tomllib.loads(GOOD), "en")
    first = pack.questions[0]
    assert (pack.name, pack.title, first.variants) == ("trial", "Trial", ("What about {site}?",))
    assert (first.key, first.frame, first.kind, first.about) == ("first", "obstacle", "both", {"speed"})
    assert first.when.score == {7}
    assert first.when.page == ("*/cart*",)
    assert first.when.words == ("late",)
    assert [offered.key for offered in first.areas] == ["speed"]


def test_words_are_those_of_the_language_or_of_english_in_small_letters():
    words = {tongue: read_pack(tomllib.loads(GOOD), tongue).areas["speed"].words for tongue in ("en", "de-AT", "fr")}
    assert words["en"] == words["fr"] == ("slow*", "takes forever")
    assert words["de-AT"] == ("langsam*", "grösse")


def test_a_plain_list_of_words_holds_for_every_language():
    assert read_pack(tomllib.loads(GOOD), "fi").questions[0].when.words == ("late",)


def test_a_question_may_name_the_words_of_an_area_or_of_a_list():
    named = question(words='"speed"').replace("[[question]]", 'words = ["slow*"]\n[[question]]')
    assert read_pack(tomllib.loads(named), "en").questions[0].when.words == ("slow*",)
    listed = question(words='"pace"').replace(
        "[[area]]", '[words]\npace = { en = ["slow"], fi = ["hidas*"] }\n[[area]]'
    )
    assert read_pack(tomllib.loads(listed), "fi").questions[0].when.words == ("hidas*",)


def test_a_text_that_lacks_a_language_is_english():
    texts = tomllib.loads(question(text='{ en = "What?", de = "Was?" }'))
    assert {tongue: read_pack(texts, tongue).questions[0].language for tongue in ("de", "fr")} == {
        "de": "de",
        "fr": "en",
    }


def test_every_fault_is_told_with_a_pointer():
    with pytest.raises(PackError) as refused:
        read_pack(tomllib.loads(question(text='{ en = "{you}", fr = "" }') + area("key = 5")[31:]), "en")
    assert [fault.pointer for fault in refused.value.faults] == ["/area/1/key", "/question/0/text/fr"]


@pytest.mark.parametrize(
    ("toml", "place", "reason"),
    [
        ('title = "Trial"', "the pack", "name is missing"),
        ('name = "trial"', "trial", "title is missing"),
        ('name = " "\ntitle = "Trial"', "the pack", "name is missing"),
        ('name = "trial"\ntitle = "Trial"\ncolour = "red"', "trial", "'colour' means nothing here"),
        ('name = "trial"\ntitle = "Trial"\n[question]\nkey = "q"', "trial", "question is a list"),
        ('name = "trial"\ntitle = "Trial"\n[area]\nkey = "a"', "trial", "area is a list"),
        (area('label = { en = "Speed" }'), "area 1", "key is 1 to 60 small letters"),
        (area('key = "speed"'), "area speed", "label needs a wording for en"),
        (area('key = "speed"\nlabel = { de = "Tempo" }'), "area speed", "label needs a wording for en"),
        (area('key = "speed"\nlabel = { en = "" }'), "area speed", "label for en is missing or empty"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = ["a*b"]'), "area speed", "'a*b' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = ["*"]'), "area speed", "'*' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = [" "]'), "area speed", "' ' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = [1]'), "area speed", "words is a list of texts"),
        (
            area('key = "speed"\nlabel = { en = "Speed" }\nwords = { en = "slow" }'),
            "area speed",
            "words for en is a list",
        ),
        (
            area('key = "speed"\nlabel = { en = "Speed" }\nwords = { fr = ["lent"] }'),
            "area speed",
            "needs a list for en",
        ),
        (question(words='{ en = ["slow"], fr = [] }'), "question q", "none may be empty"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nsize = 1'), "area speed", "'size' means nothing here"),
        (area('key = "a"\nlabel = { en = "A" }\n[[area]]\nkey = "a"\nlabel = { en = "A" }'), "area a", "twice"),
        (question(key=""), "question 1", "key is 1 to 60"),
        (
            question() + '[[question]]\nkey = "q"\nframe = "open"\nkind = "text"\ntext = { en = "A?" }',
            "question q",
            "twice",
        ),
        (question(frame='"pushy"'), "question q", "frame is one of obstacle"),
        (question(kind='"box"'), "question q", "kind is one of areas"),
        (question(kind='"areas"'), "question q", "'areas' and 0 areas do not go together"),
        (question(areas='["speed"]'), "question q", "'text' and 1 areas do not go together"),
        (question(kind='"both"', areas='["spede"]'), "question q", "there is no area 'spede'"),
        (question(kind='"both"', areas="[" + '"speed", ' * 8 + "]"), "question q", "more than 7 areas"),
        (question(about='["spede"]'), "question q", "there is no area 'spede'"),
        (question(text='{ de = "Was?" }'), "question q", "text needs a wording for en"),
        (question(text='{ en = "Hi {name}" }'), "question q: en", "unknown placeholder 'name'"),
        (question(text='{ en = "Hi", de = "Hallo {}" }'), "question q: de", "unknown placeholder ''"),
        (question(segment='["lukewarm"]'), "question q", "'lukewarm' is none of detractor"),
        (question(band='["top"]'), "question q", "'top' is none of low"),
        (question(comment='["long"]'), "question q", "'long' is none of empty"),
        (question(score='["7"]'), "question q", "score is a list of whole numbers"),
        (question(score="7"), "question q", "score is a list of whole numbers"),
        (question(category='"bug"'), "question q", "category is a list of texts"),
        (question(page='"*/cart*"'), "question q", "page is a list of texts"),
        (question(words='"late"'), "question q", "no list of words called 'late'"),
        (question(words="7"), "question q", "words is a list of texts"),
        (question(key='"Q 1"'), "question Q 1", "key is 1 to 60"),
        (question(text='{ en = ["A?", "B?"], de = "A?" }'), "question q", "not as many wordings in de"),
        (question(text=f'{{ en = "{"x" * 301}" }}'), "question q", "more than 300 letters"),
        (question(text="{ en = [] }"), "question q", "one to 9 wordings"),
        (question(colour='"red"'), "question q", "'colour' means nothing here"),
    ],
)
def test_a_malformed_pack_is_refused_with_the_place_and_the_reason(toml, place, reason):
    sentence = refusal(toml)
    assert place in sentence
    assert reason in sentence
