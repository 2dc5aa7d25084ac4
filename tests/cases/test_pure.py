"""The judgement of cases: due dates, states, mentions, rules, words. No database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.cases.due import due_after, due_of, end_of, working_day
from collector.cases.filters import CaseFilter, parse_case_filter
from collector.cases.history import packed, saying, unpacked
from collector.cases.mentions import mentioned, parts
from collector.cases.rules import CaseRules, changed, rules_from, stored_from
from collector.cases.state import MOVES, STATES, Standing, moved, spoken_to
from collector.cases.state import given as handed
from collector.problems import ValidationFailed

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FRESH = NOW + timedelta(days=4)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from([ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia")])


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 16), 4, date(2026, 11, 20)),  # Monday to Friday
        (date(2026, 11, 19), 4, date(2026, 11, 25)),  # over a weekend
        (date(2026, 11, 21), 4, date(2026, 11, 26)),  # a Saturday counts as the weekend's end
        (date(2026, 11, 22), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
    ],
)
def test_working_days_pass_over_weekends(start: date, days: int, due: date):
    assert working_day(start, days) == due


@given(DAYS, st.integers(0, 60))
def test_a_due_day_is_a_working_day_with_so_many_working_days_up_to_it(start: date, days: int):
    due = working_day(start, days)
    assert due.weekday() < 5
    between = [start + timedelta(days=ahead) for ahead in range(1, (due - start).days + 1)]
    counted = sum(day.weekday() < 5 for day in between)
    assert counted == (days if days or start.weekday() < 5 else 1)


@given(DAYS, st.integers(0, 30), ZONES)
def test_a_later_day_is_never_due_earlier(start: date, days: int, zone: ZoneInfo):
    assert working_day(start, days) <= working_day(start + timedelta(days=1), days) <= working_day(start, days + 3)
    assert end_of(start, zone).astimezone(zone).date() == start


def test_a_day_ends_in_the_zone_of_the_team():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # a Monday in Berlin
    assert due_after(late, 4, BERLIN).astimezone(BERLIN).isoformat() == "2026-11-27T23:59:59+01:00"
    assert due_after(late, 4, ZoneInfo("UTC")).isoformat() == "2026-11-26T23:59:59+00:00"


@pytest.mark.parametrize(
    ("days", "words", "group"),
    [
        (-3, "3 days over", "over"),
        (-1, "1 day over", "over"),
        (0, "today", "today"),
        (1, "tomorrow", "week"),
        (6, "in 6 days", "week"),
        (7, "in 7 days", "later"),
    ],
)
def test_due_dates_in_words(days: int, words: str, group: str):
    due = due_of(end_of(date(2026, 11, 22) + timedelta(days=days), BERLIN), BERLIN, NOW)
    assert (due.words, due.group, due.is_over) == (words, group, days < 0)


def test_whoever_takes_up_a_case_that_nobody_has_owns_it():
    assert moved(Standing("new", None, FRESH), "working", 7, FRESH, NOW).owner == 7
    assert moved(Standing("new", None, FRESH), "waiting", 7, FRESH, NOW).owner == 7
    assert moved(Standing("new", 3, FRESH), "working", 7, FRESH, NOW).owner == 3
    assert moved(Standing("new", None, FRESH), "done", 7, FRESH, NOW).owner is None


@pytest.mark.parametrize(("due", "then"), [(NOW - timedelta(days=1), FRESH), (NOW + timedelta(days=9), None)])
def test_what_is_opened_again_after_its_time_gets_new_time(due: datetime, then: datetime | None):
    opened = moved(Standing("done", None, due), "working", 7, FRESH, NOW)
    assert opened == Standing("working", 7, then or due)
    assert spoken_to(Standing("waiting", 7, due), FRESH, NOW) == opened


def test_what_the_person_says_takes_up_only_what_rests():
    for state in ("new", "working"):
        standing = Standing(state, 7, NOW - timedelta(days=9))
        assert spoken_to(standing, FRESH, NOW) == standing
    assert spoken_to(Standing("done", None, FRESH), FRESH, NOW).state == "new"


def test_every_state_is_left_by_a_press_and_by_no_other():
    for state in STATES:
        for wanted in STATES:
            standing = Standing(state, 7, FRESH)
            if wanted == state or wanted in MOVES[state]:
                assert moved(standing, wanted, 7, FRESH, NOW).state == wanted
            else:
                with pytest.raises(ValidationFailed):
                    moved(standing, wanted, 7, FRESH, NOW)
    assert all(MOVES[state] for state in STATES)


def test_what_is_taken_from_everybody_is_new_again():
    assert handed(Standing("working", 7, FRESH), None).state == "new"
    assert handed(Standing("done", 7, FRESH), None) == Standing("done", None, FRESH)
    assert handed(Standing("new", None, FRESH), 7) == Standing("new", 7, FRESH)


NAMES = {1: "Ann Example", 2: "Ben", 3: "Ann Other", 4: "Zoë Ångström", 5: "Benjamin Last"}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Ben, look", {2}),
        ("see @ann example and @Ben.", {1, 2}),
        ("@Ann cannot be told apart", set()),
        ("@Benjamin and no Ben", {5}),
        ("@Benny is nobody", set()),
        ("ann@ben.example is an address", set()),
        ("@Zoë!", {4}),
        ("@ZOË ÅNGSTRÖM", {4}),
        ("@", set()),
        ("@@Ben", {2}),
    ],
)
def test_a_note_calls_colleagues_by_name(text: str, called: set[int]):
    assert mentioned(text, NAMES) == called


@given(st.text(alphabet="@ Bben Annx.\n", max_size=60))
def test_pieces_of_a_note_give_the_note_back(text: str):
    assert "".join(part.text for part in parts(text, NAMES)) == text


def test_middle_segments_become_cases_by_themselves_and_passives_have_four_days():
    rules = CaseRules()
    assert rules.by_itself == {"passive", "neutral", "undecided"}
    assert (rules.days["passive"], rules.days["detractor"]) == (4, 2)


def test_rules_are_kept_as_they_were_set_and_strange_ones_passed_over():
    rules = changed(CaseRules(), "Europe/Berlin", {"passive": "3", "promoter": "0"}, frozenset({"promoter", "down"}))
    assert rules_from(stored_from(rules)) == rules
    assert rules.by_itself == {"promoter", "neutral", "undecided"}
    assert rules_from({"zone": "Mars/Olympus", "days": {"lukewarm": 3}, "by_itself": ["lukewarm"]}) == CaseRules(
        by_itself=frozenset()
    )


@pytest.mark.parametrize("count", ["", "-1", "61", "4.5", "²", "four", "1000"])
def test_days_that_are_none_are_told_at_their_field(count: str):
    with pytest.raises(ValidationFailed) as refused:
        changed(CaseRules(), "Mars/Olympus", {"passive": count}, frozenset())
    assert [fault.parameter for fault in refused.value.faults] == ["zone", "days-passive"]


def test_a_filter_takes_what_its_page_says_and_nothing_else():
    assert parse_case_filter({"state": "open", "owner": "nobody", "tag": "4", "overdue": "yes"}, NOW) == CaseFilter(
        "open", 0, 4, NOW
    )
    assert parse_case_filter({"state": "", "q": "else"}, NOW).is_empty
    with pytest.raises(ValidationFailed) as refused:
        parse_case_filter({"state": "x", "owner": "' or 1=1", "tag": "²", "overdue": "no"}, NOW)
    assert [fault.parameter for fault in refused.value.faults] == ["state", "owner", "tag", "overdue"]


@pytest.mark.parametrize(
    ("was", "now", "by", "words"),
    [
        (Standing("new", None, FRESH), Standing("working", 1, FRESH), 1, "took it up"),
        (Standing("working", 1, FRESH), Standing("done", 1, FRESH), 2, "closed it"),
        (Standing("new", None, FRESH), Standing("new", 2, FRESH), 1, "gave it to Ben"),
        (Standing("working", 2, FRESH), Standing("new", None, FRESH), 1, "gave it back"),
        (Standing("new", 2, FRESH), Standing("new", None, FRESH), 1, "gave it to nobody"),
        (Standing("done", 1, NOW), Standing("working", 1, FRESH), 1, "opened it again, made it due on 26 November 2026"),
    ],
)  # fmt: skip
def test_history_says_what_was_done(was: Standing, now: Standing, by: int, words: str):
    detail = {"before": packed(was), "after": packed(now)}
    assert unpacked(detail["before"]) == was
    assert saying("changed", detail, by, NAMES, ZoneInfo("UTC")) == words
