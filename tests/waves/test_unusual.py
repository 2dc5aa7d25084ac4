"""What is unusual, decided over plain numbers."""

import random
from datetime import UTC, datetime, timedelta
from math import comb, isclose
from typing import get_args

import pytest

from collector.inbox.story.told import SUSPICIONS
from collector.responses.suspicion import Suspicion
from collector.waves.copies import print_of
from collector.waves.unusual import LEAST, Usual, chance, hours_like, is_unusual, stretch, usual
from collector.waves.wave import SUSPECT, Wave

NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
HOUR, TEN = timedelta(hours=1), timedelta(minutes=10)


@pytest.mark.parametrize("number", [5, 12, 30])
def test_the_chance_is_that_of_a_negative_binomial(number: int):
    # With a whole size r and p = 1/2 it is the chance of that many failures before the r-th success (Feller I, VI.8).
    below = sum(comb(k + 3, k) * 0.5 ** (k + 4) for k in range(number))
    assert isclose(chance(number, 4.0, 2.0), 1 - below, rel_tol=1e-6)


def test_a_chance_too_small_for_any_number_is_none():
    assert chance(100_000, 1.0, 2.0) == 0


@pytest.mark.parametrize(
    ("number", "span", "known", "is_it"),
    [
        (500, TEN, Usual(3, 2), True),
        (LEAST - 1, TEN, Usual(1, 2), False),
        (100, HOUR, Usual(3, 2), True),
        (40, TEN, Usual(200, 10), False),
        (90, TEN, Usual(200, 10), False),
        (500, TEN, Usual(200, 10), True),
        (2_500, HOUR, Usual(1_000, 2), False),  # by chance nearly impossible, and yet less than three times as many
        (200, HOUR, Usual(40, 60), False),  # a site that is used to bursts
    ],
)
def test_what_is_called_unusual(number: int, span: timedelta, known: Usual, is_it: bool):
    assert is_unusual(number, span, known) is is_it


def test_an_earlier_wave_does_not_make_the_next_one_usual():
    assert usual([3] * 41 + [5_000]) == usual([3] * 42) == Usual(3, 2)


def test_the_same_hour_of_the_day_is_asked_and_those_beside_it_and_none_before_the_first():
    like = hours_like(NOON, NOON - timedelta(days=2, minutes=20))
    assert like == [
        datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((21, 13), (21, 12), (21, 11), (20, 13), (20, 12))
    ]
    assert len(hours_like(NOON, NOON - timedelta(days=30))) == 42


def test_days_and_nights_and_weekends_of_a_quarter_are_no_waves():
    """Ten thousand windows of a made site with a day's rhythm, quiet weekends and visitors who come in groups; drawn alike each
    time."""
    draw = random.Random(30)
    rates = [40 * (1 + 0.9 * (-1 if hour < 7 else 1 if 9 <= hour < 18 else 0)) for hour in range(24)]
    days = [[_drawn(draw, rate * (0.3 if day % 7 > 4 else 1)) for rate in rates] for day in range(90)]
    called = 0
    for day in range(14, 90):
        for hour in range(1, 23):
            past = [days[day - back][hour + beside] for back in range(1, 15) for beside in (-1, 0, 1)]
            known = usual(past)
            called += is_unusual(days[day][hour], HOUR, known)
            called += sum(is_unusual(_drawn(draw, days[day][hour] / 6), TEN, known) for _ in range(6))
    assert called == 0


def _drawn(draw: random.Random, mean: float) -> int:
    """A number of visitors who come in groups of one to three."""
    rate, count, spent = mean / 2, 0, draw.expovariate(1)
    while spent < rate:
        count += draw.randint(1, 3)
        spent += draw.expovariate(1)
    return count


def test_a_stretch_begins_and_ends_with_what_stands_out():
    quiet = [NOON, NOON + timedelta(minutes=50)]
    wave = [NOON + timedelta(minutes=15, seconds=number) for number in range(100)]
    found = stretch(sorted([*quiet, *wave]), Usual(3, 2))
    assert (found.first, found.last, found.number) == (wave[0], wave[-1], 100)


EIGHT = "the checkout page lost my basket twice today"


@pytest.mark.parametrize(
    ("parts", "is_same"),
    [
        ({}, True),
        ({"comment": "The CHECKOUT page lost my basket — twice, today!"}, True),
        ({"comment": f"{EIGHT} again"}, False),
        ({"score": 4}, False),
        ({"category": "bug"}, False),
        ({"page": "https://shop.example/other"}, False),
        ({"survey": 2}, False),
        ({"key": "another"}, False),
    ],
)
def test_a_print_is_shared_by_those_alone_who_say_the_same(parts: dict[str, object], is_same: bool):
    said = {"key": "k", "survey": 1, "score": 3, "category": None, "page": "https://shop.example/", "comment": EIGHT}
    assert (print_of(**(said | parts)) == print_of(**said)) is is_same


@pytest.mark.parametrize("comment", ["", "ok", "Great product, thank you very much!", "ok ok ok ok ok ok ok ok ok ok"])
def test_what_many_people_write_has_no_print(comment: str):
    assert print_of("k", 1, 9, None, None, comment) is None


def test_every_reason_for_suspicion_has_its_words():
    assert SUSPECT.keys() == SUSPICIONS.keys() == set(get_args(Suspicion))


@pytest.mark.parametrize(
    ("kind", "number", "minutes", "hourly", "said"),
    [
        ("detractor", 500, 10, 3, "500 Detractors in 10 minutes, usually 3 an hour"),
        ("very-satisfied", 1200, 0, 1, "1,200 Very satisfied responses in a minute, usually one an hour or fewer"),
        (
            "copy",
            90,
            190,
            1,
            "90 responses that repeat another one word for word in 3 hours, usually one an hour or fewer",
        ),
    ],
)
def test_a_wave_is_called_what_it_is(kind: str, number: int, minutes: int, hourly: float, said: str):
    last = NOON + timedelta(minutes=minutes)
    wave = Wave(1, 1, 1, "site", "Shop", kind, NOON, last, number, hourly, None, None, None)
    assert f"{wave.headline}, {wave.usually}" == said
