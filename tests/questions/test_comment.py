import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.questions.comment import (
    DETAILED_FROM,
    PLAIN_FROM,
    lookout,
    read_comment,
    speaks_of,
    spoken_in,
    words_of,
)

THINGS = "invoice printer ladder window garden kettle engine saddle mirror bridge carpet pencil basket".split()


@pytest.mark.parametrize("count", range(1, 14))
def test_depth_changes_at_four_and_at_twelve_content_words(count):
    expected = "vague" if count < 4 else "plain" if count < 12 else "detailed"
    assert (PLAIN_FROM, DETAILED_FROM) == (4, 12)
    assert read_comment(" ".join(THINGS[:count])).depth == expected


def test_grammar_words_do_not_make_a_comment_longer():
    assert read_comment("it is the one that I have had in my hands").count == 2
    assert read_comment("Das ist die eine, die ich in der Hand hatte").count == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...", "?!", "👍👍", "—", "***", "_"])
def test_white_space_signs_and_pictures_alone_are_empty(text):
    assert read_comment(text).depth == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "Good, great, excellent, lovely, amazing, awesome, perfect, super, nice, fine, ok, wonderful, brilliant!",
        "Everything is really very good and helpful and friendly and easy, thank you",
        "Alles super, toll, prima, klasse, schön und sehr hilfreich, danke",
    ],
)
def test_praise_alone_is_vague_however_long(text):
    assert read_comment(text).count >= PLAIN_FROM
    assert read_comment(text).depth == "vague"


def test_one_telling_word_among_praise_is_no_longer_praise_alone():
    assert read_comment("Great, lovely, excellent, perfect delivery").depth == "plain"


@pytest.mark.parametrize("text", ["Nothing.", "No", "none", "Nothing really", "Nichts", "n/a", "10/10", "0"])
def test_a_shrug_is_vague(text):
    assert read_comment(text).depth == "vague"


def test_scripts_without_spaces_are_counted_by_pairs_of_signs():
    assert read_comment("良い").depth == "vague"
    assert read_comment("検索が遅いので困ります").depth == "plain"
    assert (
        read_comment("毎週月曜日に報告書を開くと先週の数字が表示されて同僚が間違った値を使います").depth == "detailed"
    )
    assert read_comment("การค้นหาช้ามาก").depth == "plain"


def test_scripts_with_spaces_are_counted_by_words():
    assert read_comment("Поиск работает слишком медленно вечером").depth == "plain"
    assert read_comment("검색이 너무 느려서 불편합니다").depth == "plain"


def test_vowel_signs_do_not_cut_a_word_in_two():
    assert read_comment("हिन्दी").count == 1
    assert read_comment("खोज धीमी").count == 2


def test_a_letter_is_the_same_however_it_was_typed():
    apart = unicodedata.normalize("NFD", "Rücksendung für Möbel")
    assert words_of(apart) == words_of("Rücksendung für Möbel")
    assert speaks_of(read_comment(apart), ("rücksend*",)) == "rücksend*"


def test_both_apostrophes_are_one():
    assert words_of("It’s") == words_of("it's")
    assert speaks_of(read_comment("I can’t find it"), ("can't find",)) == "can't find"


def test_capitals_and_sharp_s_do_not_matter():
    assert speaks_of(read_comment("RÜCKSENDUNG und GRÖSSE"), ("größe",)) == "größe"
    assert speaks_of(read_comment("Straße"), ("strasse",)) == "strasse"


def test_a_word_is_found_whole_only():
    assert speaks_of(read_comment("The adverts cover it"), ("ad",)) is None
    assert speaks_of(read_comment("An ad covers it"), ("ad",)) == "ad"


def test_a_beginning_is_found_with_any_ending_but_not_inside_a_word():
    assert speaks_of(read_comment("Deliveries come late"), ("deliver*",)) == "deliver*"
    assert speaks_of(read_comment("undelivered"), ("deliver*",)) is None


def test_a_phrase_stands_in_order_and_unbroken():
    assert speaks_of(read_comment("It was out  of\ndate!"), ("out of date",)) == "out of date"
    assert speaks_of(read_comment("a date out of reach"), ("out of date",)) is None
    assert speaks_of(read_comment("It was out of the date range"), ("out of date",)) is None


def test_a_phrase_may_end_in_a_beginning():
    assert speaks_of(read_comment("an old version of it, two old versions"), ("old versions*",)) == "old versions*"


def test_the_first_listed_word_is_named():
    assert speaks_of(read_comment("late parcel"), ("parcel", "late")) == "parcel"


@pytest.mark.parametrize("text", ["", "👍", "..."])
def test_nothing_is_spoken_of_without_words(text):
    assert speaks_of(read_comment(text), ("a*", "b")) is None


SIGNS = st.text(st.sampled_from("aBc1'’_- .é"), max_size=40)
LISTED = ("a", "b", "a*", "b*", "ab*", "abc*", "abca*", "ab", "ca", "a'b", "1", "é*", "aé", "a b", "ab c*", "b a*")


@given(SIGNS | st.text(st.characters(max_codepoint=127)))
@example("'c'est rock'n'roll")
def test_plain_letters_are_read_like_all_others(text):
    assert words_of(text) == words_of(f"{text} ß")[:-1]


@given(SIGNS, st.lists(st.sampled_from(LISTED), max_size=9))
def test_looking_for_many_words_finds_what_looking_for_each_finds(comment, words):
    reading = read_comment(comment)
    assert spoken_in(reading, lookout(words)) == {word for word in words if speaks_of(reading, (word,))}
