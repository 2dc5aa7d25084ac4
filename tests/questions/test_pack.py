import tomllib

import pytest

from collector.questions.pack import PackError, read_pack

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
        read_pack(tomllib.loads(toml))
    return str(refused.value)


def question(**changed: str) -> str:
    lines = {"key": '"q"', "frame": '"open"', "kind": '"text"', "text": '{ en = "What?" }'} | changed
    body = "\n".join(f"{name} = {value}" for name, value in lines.items() if value)
    area = '[[area]]\nkey = "speed"\nlabel = { en = "Speed" }\n'
    return f'name = "trial"\ntitle = "Trial"\n{area}[[question]]\n{body}\n'


def area(body: str) -> str:
    return f'name = "trial"\ntitle = "Trial"\n[[area]]\n{body}\n'


def test_a_good_pack_is_read_whole():
    pack = read_pack(tomllib.loads(GOOD))
    first = pack.questions[0]
    assert (pack.name, pack.title, pack.languages) == ("trial", "Trial", {"en", "de"})
    assert (first.key, first.frame, first.kind, first.about) == ("first", "obstacle", "both", {"speed"})
    assert first.when.score == {7}
    assert first.when.page == ("*/cart*",)
    assert first.when.words == ("late",)
    assert [offered.key for offered in first.areas] == ["speed"]


def test_words_of_all_languages_are_kept_together_in_small_letters():
    assert read_pack(tomllib.loads(GOOD)).areas["speed"].words == ("slow*", "takes forever", "langsam*", "grösse")


def test_a_text_that_lacks_a_language_takes_it_from_the_pack():
    assert read_pack(tomllib.loads(question(text='{ en = "What?", de = "Was?" }'))).languages == {"en"}


@pytest.mark.parametrize(
    ("toml", "place", "reason"),
    [
        ('title = "Trial"', "the pack", "name is missing"),
        ('name = "trial"', "trial", "title is missing"),
        ('name = " "\ntitle = "Trial"', "the pack", "name is missing"),
        ('name = "trial"\ntitle = "Trial"\ncolour = "red"', "trial", "'colour' means nothing here"),
        ('name = "trial"\ntitle = "Trial"\n[question]\nkey = "q"', "trial", "question is a list"),
        ('name = "trial"\ntitle = "Trial"\n[area]\nkey = "a"', "trial", "area is a list"),
        (area('label = { en = "Speed" }'), "an area", "key is missing"),
        (area('key = "speed"'), "area speed", "label needs a wording for en"),
        (area('key = "speed"\nlabel = { de = "Tempo" }'), "area speed", "label needs a wording for en"),
        (area('key = "speed"\nlabel = { en = "" }'), "area speed", "none may be empty"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = ["a*b"]'), "area speed", "'a*b' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = ["*"]'), "area speed", "'*' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = [" "]'), "area speed", "' ' is not a word"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = [1]'), "area speed", "words is a list of texts"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nwords = { en = "slow" }'), "area speed", "en is a list"),
        (area('key = "speed"\nlabel = { en = "Speed" }\nsize = 1'), "area speed", "'size' means nothing here"),
        (area('key = "a"\nlabel = { en = "A" }\n[[area]]\nkey = "a"\nlabel = { en = "A" }'), "trial", "twice"),
        (question(key=""), "a question", "key is missing"),
        (question() + '[[question]]\nkey = "q"\nframe = "open"\nkind = "text"\ntext = { en = "A?" }', "'q'", "twice"),
        (question(frame='"pushy"'), "question q", "frame is one of obstacle"),
        (question(kind='"box"'), "question q", "kind is one of areas"),
        (question(kind='"areas"'), "question q", "'areas' and 0 areas do not go together"),
        (question(areas='["speed"]'), "question q", "'text' and 1 areas do not go together"),
        (question(kind='"both"', areas='["spede"]'), "question q", "there is no area 'spede'"),
        (question(kind='"both"', areas="[" + '"speed", ' * 8 + "]"), "question q", "more than 7 areas"),
        (question(about='["spede"]'), "question q", "there is no area 'spede'"),
        (question(text='{ de = "Was?" }'), "question q", "text needs a wording for en"),
        (question(text='{ en = "Hi {name}" }'), "question q, en", "unknown placeholder 'name'"),
        (question(text='{ en = "Hi", de = "Hallo {}" }'), "question q, de", "unknown placeholder ''"),
        (question(segment='["lukewarm"]'), "question q", "'lukewarm' is none of detractor"),
        (question(band='["top"]'), "question q", "'top' is none of low"),
        (question(comment='["long"]'), "question q", "'long' is none of empty"),
        (question(score='["7"]'), "question q", "score is a list of whole numbers"),
        (question(score="7"), "question q", "score is a list of whole numbers"),
        (question(category='"bug"'), "question q", "category is a list of texts"),
        (question(page='"*/cart*"'), "question q", "page is a list of texts"),
        (question(words='"late"'), "question q", "words is a list of texts"),
        (question(colour='"red"'), "question q", "'colour' means nothing here"),
    ],
)
def test_a_malformed_pack_is_refused_with_the_place_and_the_reason(toml, place, reason):
    sentence = refusal(toml)
    assert place in sentence
    assert reason in sentence
