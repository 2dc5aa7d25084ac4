"""The plan: whether, when, by which channel, and why, one reason at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.channels.delivery import Attempt
from collector.contacts.contact import Consent, Reachable
from collector.problems import ValidationFailed
from collector.reaching.manners import Manners, changed, manners_from
from collector.reaching.plan import End, Facts, Send, Wait, next_step

#: A Monday.
OFFERED = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
FRIDAY = OFFERED + timedelta(days=4)
ANN = Reachable(1, "email", "ann@example.com", b"a" * 32, Consent("…", "v1", "en", OFFERED, "form"), None, None)
FACTS = Facts(
    state="offered",
    offered_at=OFFERED,
    expires_at=OFFERED + timedelta(days=60),
    wrote=False,
    addresses=(ANN,),
    zone=None,
    channels=("email",),
    attempts=(),
    elsewhere=None,
    today=(),
)
MANNERS = Manners()


def attempt(state: str = "sent", purpose: str = "ask", at: datetime = FRIDAY, **parts: object) -> Attempt:
    return replace(Attempt(purpose, "email", state, 1, at, None), **parts)


def step(now: datetime, manners: Manners = MANNERS, **parts: object):
    return next_step(replace(FACTS, **parts), manners, now)


def test_the_silent_are_asked_after_four_days_and_those_who_wrote_after_one():
    assert step(OFFERED).until == FRIDAY
    assert isinstance(step(FRIDAY - timedelta(seconds=1)), Wait)
    assert step(FRIDAY) == Send(
        "email", "ask", "The question stayed unanswered and nothing was written: asked by email after 4 days."
    )
    assert step(OFFERED, wrote=True).until == OFFERED + timedelta(days=1)


def test_nobody_is_asked_about_a_response_as_long_as_it_is_set_aside():
    assert step(FRIDAY, set_aside=True) == Wait(
        FRIDAY + timedelta(days=1), "The team set the response aside, so nobody is asked."
    )


def test_a_reason_stands_in_plain_words():
    assert step(OFFERED).why == (
        "The question stayed unanswered and nothing was written: asked by email after 4 days, "
        "at an hour at which people are asked there."
    )


@pytest.mark.parametrize(
    ("zone", "hour"), [("Europe/Helsinki", 7), ("America/New_York", 14), ("Asia/Kolkata", 4), (None, 9)]
)
def test_people_are_asked_on_weekday_mornings_where_they_live(zone: str | None, hour: int):
    saturday = FRIDAY + timedelta(days=1)
    until = step(saturday, zone=zone).until
    assert (until.date(), until.hour) == ((saturday + timedelta(days=2)).date(), hour - (zone == "Asia/Kolkata"))


@pytest.mark.parametrize(
    ("parts", "state", "word"),
    [
        ({"state": "answered"}, None, "answered"),
        ({"state": "cancelled"}, None, "cancelled"),
        ({"state": "expired"}, "expired", "in time"),
        ({"addresses": ()}, "offered", "no address"),
        ({"addresses": (replace(ANN, suppressed="unsubscribed"),)}, "offered", "said stop"),
        ({"addresses": (replace(ANN, suppressed="bounced"),)}, "offered", "does not exist"),
        ({"addresses": (replace(ANN, withdrawn_at=OFFERED),)}, "offered", "withdrawn"),
    ],
)
def test_nobody_is_asked_who_answered_said_stop_or_cannot_be_reached(parts, state, word):
    ended = step(FRIDAY, **parts)
    assert isinstance(ended, End)
    assert ended.state == state
    assert word in ended.why


def test_it_ends_when_the_question_does():
    assert step(FACTS.expires_at) == End("expired", "The question was not answered in time.")
    assert step(FACTS.expires_at - timedelta(hours=1)).until == FACTS.expires_at


def test_without_a_channel_or_where_the_site_asks_nobody_it_looks_again_tomorrow():
    for waiting in (step(FRIDAY, channels=()), step(FRIDAY, Manners(ask=False))):
        assert waiting.until == FRIDAY + timedelta(days=1)


def test_who_was_asked_here_is_left_in_peace_for_thirty_days():
    waiting = step(FRIDAY, elsewhere=FRIDAY - timedelta(days=1))
    assert waiting.until == datetime(2026, 12, 21, 9, 0, tzinfo=UTC)  # the Monday after the thirty days
    assert "30 days after this person was last asked here" in waiting.why
    assert isinstance(step(FRIDAY, elsewhere=FRIDAY - timedelta(days=30)), Send)
    assert "too late" in step(FRIDAY, Manners(days_rest=365), elsewhere=FRIDAY).why


def test_a_mailbox_gets_three_messages_a_day_from_the_whole_installation():
    two = (FRIDAY - timedelta(hours=2), FRIDAY - timedelta(hours=1))
    assert isinstance(step(FRIDAY, today=two), Send)
    waiting = step(FRIDAY, today=(FRIDAY - timedelta(hours=3), *two))
    assert waiting.until == FRIDAY + timedelta(days=3) - timedelta(hours=1)  # Saturday is no day to ask
    assert "fewer than 3 messages" in waiting.why


def test_one_reminder_comes_five_days_after_and_then_no_more():
    sent = attempt()
    assert step(FRIDAY, attempts=(sent,)).until == FRIDAY + timedelta(days=5)
    assert step(FRIDAY + timedelta(days=5), attempts=(sent,)).purpose == "remind"
    both = (sent, attempt(purpose="remind", at=FRIDAY + timedelta(days=5)))
    waiting = step(FRIDAY + timedelta(days=6), attempts=both)
    assert (waiting.until, waiting.hands_over) == (FRIDAY + timedelta(days=10), False)
    left = step(FRIDAY + timedelta(days=10), attempts=both)
    assert (left.until, left.hands_over) == (FACTS.expires_at, True)
    assert "no reminders" in step(FRIDAY, Manners(days_reminder=0), attempts=(sent,)).why


@pytest.mark.parametrize("state", ["uncertain", "undeliverable"])
def test_what_is_uncertain_or_undeliverable_is_never_sent_again(state: str):
    for days in range(4, 60):
        waiting = step(OFFERED + timedelta(days=days), attempts=(attempt(state),))
        assert waiting.until == FACTS.expires_at


def test_what_a_server_put_off_is_tried_again_in_waking_hours():
    late = attempt("deferred", due_at=FRIDAY + timedelta(minutes=5))
    assert step(FRIDAY, attempts=(late,)).until == FRIDAY + timedelta(minutes=5)
    assert step(FRIDAY + timedelta(minutes=5), attempts=(late,)).purpose == "ask"
    night = FRIDAY + timedelta(hours=12)
    assert step(night, attempts=(late,)).until == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_manners_are_changed_one_by_one_and_only_to_what_can_be():
    assert changed(MANNERS, "days", "0,2,4").days == (0, 2, 4)
    assert changed(MANNERS, "zone", "Asia/Tokyo").zone == "Asia/Tokyo"
    assert changed(MANNERS, "ask", "off").ask is False
    assert changed(MANNERS, "days_silent", "7").days_silent == 7
    wrong = [
        ("days", "7"),
        ("days", ""),
        ("zone", "Mars"),
        ("ask", "no"),
        ("days_rest", "0"),
        ("hour_first", "12"),
        ("x", "1"),
    ]
    for name, text in wrong:
        with pytest.raises(ValidationFailed):
            changed(MANNERS, name, text)


def test_stored_manners_of_another_version_are_read_as_far_as_they_are_known():
    assert manners_from({"days": [0], "later": 1, "hour_last": 11}) == Manners(days=(0,), hour_last=11)
