"""Decent hours: in every zone that there is, over every change of its clocks from 2020 to 2035."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from collector.reaching.hours import next_open, zone_called

WEEK = (0, 1, 2, 3, 4)
ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 12, 31, tzinfo=UTC)
WEEKS = [BEGIN + timedelta(weeks=week, hours=12) for week in range((END - BEGIN).days // 7 + 1)]
MOMENTS = some.floats(0, 1).map(lambda share: BEGIN + share * (END - BEGIN))
HOURS = some.tuples(some.integers(0, 23), some.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])


def opens(moment: datetime, zone: ZoneInfo, days: tuple[int, ...], first: int, last: int) -> bool:
    local = moment.astimezone(zone)
    return local.weekday() in days and first <= local.hour < last


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(MOMENTS, some.sampled_from(ZONES), HOURS)
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin", (2, 3))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", (2, 3))
@example(datetime(2026, 4, 5, 15, 0, tzinfo=UTC), "Australia/Lord_Howe", (2, 3))
def test_what_is_found_is_open_not_past_and_never_far(moment: datetime, name: str, hours: tuple[int, int]):
    zone = ZoneInfo(name)
    found = next_open(moment, zone, (0, 1, 2, 3, 4, 5, 6), *hours)
    assert opens(found, zone, (0, 1, 2, 3, 4, 5, 6), *hours)
    assert moment <= found <= moment + timedelta(hours=50)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(MOMENTS, some.sampled_from(ZONES))
def test_no_weekday_morning_is_passed_over(moment: datetime, name: str):
    zone = ZoneInfo(name)
    found = next_open(moment, zone, WEEK, 9, 12)
    assert opens(found, zone, WEEK, 9, 12)
    step = timedelta(minutes=30)
    looks = (moment + step * count for count in range(int((found - moment) / step) + 1))
    assert not any(opens(look, zone, WEEK, 9, 12) for look in looks if look < found)


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Noon of each day on which the clocks of `zone` were changed. No two changes lie within a week."""
    offsets = [week.astimezone(zone).utcoffset() for week in WEEKS]
    for week, before, after in zip(WEEKS, offsets, offsets[1:], strict=False):
        if before != after:
            days = (week + timedelta(days=day) for day in range(1, 8))
            yield next(day for day in days if day.astimezone(zone).utcoffset() != before)


def test_around_every_change_of_clocks_nobody_is_asked_at_night():
    """The hours around each change. What zones have in common, many being one under several names, is asked about once."""
    around = [timedelta(hours=hour) for hour in range(-30, 12)]
    found: dict[tuple[object, ...], str] = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in changes(zone):
            found.setdefault((day, *[(day + hour).astimezone(zone).utcoffset() for hour in around]), name)
    assert {day.year for day, *_ in found} == set(range(2020, 2036))
    for (day, *_), name in found.items():
        for hour in around[::3]:
            asked = next_open(day + hour, ZoneInfo(name), WEEK, 9, 12)
            assert opens(asked, ZoneInfo(name), WEEK, 9, 12), (name, day)


def test_a_zone_that_is_unknown_gives_way_to_the_sites_and_that_to_utc():
    assert str(zone_called("Mars/Base", "Asia/Tokyo")) == "Asia/Tokyo"
    assert str(zone_called(None, "../etc/passwd")) == "UTC"


def test_without_days_there_is_no_such_hour():
    with pytest.raises(ValueError):
        next_open(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"), (), 9, 12)
