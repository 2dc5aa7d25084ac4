"""The plan with two channels, and what a message by SMS needs on top, one reason at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS

from collector.channels.sms.parts import measure
from collector.channels.sms.worth import OF_LAST, Tally, stopped
from collector.contacts.contact import Consent, Reachable
from collector.problems import ValidationFailed
from collector.questions import INDUSTRIES, LANGUAGES, pack
from collector.reaching.hours import next_open_in_all
from collector.reaching.manners import DAY, Manners, changed, hours_for
from collector.reaching.plan import Send
from collector.reaching.sms.room import Full, TextRules, barred, full
from collector.reaching.sms.text import compose_text, listed
from collector.reaching.sms.zones import zones_of
from tests.reaching.test_plan import ANN, FACTS, FRIDAY, attempt, step

PHONE = Reachable(1, "sms", "+447400123456", b"p" * 32, Consent("…", "v1", "en", FRIDAY, "form"), None, None)
BOTH = {"addresses": (ANN, PHONE), "channels": ("email", "sms")}
#: Messages by e-mail that were sent and taken, five days apart.
MAILS = (attempt(), attempt(purpose="remind", at=FRIDAY + timedelta(days=5)))
LATER = FRIDAY + timedelta(days=10)
TALLY = Tally(0, 0)


def test_the_other_channel_comes_once_after_the_one_reminder():
    assert step(LATER - timedelta(hours=1), attempts=MAILS, **BOTH).until == LATER
    asked = step(LATER, attempts=MAILS, **BOTH)
    assert (asked.channel, asked.purpose) == ("sms", "ask")
    assert asked.why == "No answer 5 days after the last message by email: asked once by sms."
    three = (*MAILS, attempt(channel="sms", at=LATER))
    for days in range(50):
        assert not isinstance(step(LATER + timedelta(days=days), attempts=three, **BOTH), Send)


@pytest.mark.parametrize("state", ["sent", "delivered"])
def test_what_was_delivered_is_reminded_of_like_what_was_sent(state: str):
    by_sms = {"addresses": (PHONE,), "channels": ("email", "sms")}
    reminded = step(FRIDAY + timedelta(days=5), attempts=(attempt(state, channel="sms"),), **by_sms)
    assert (reminded.channel, reminded.purpose) == ("sms", "remind")


def test_one_channel_takes_over_from_another_that_cannot_deliver():
    gone = (replace(ANN, suppressed="bounced"), PHONE)
    asked = step(FRIDAY, attempts=(attempt("undeliverable"),), addresses=gone, channels=("email", "sms"))
    assert (asked.channel, asked.purpose) == ("sms", "ask")
    # What was put off goes nowhere either once its address may not be written to.
    late = attempt("deferred", due_at=FRIDAY)
    assert step(FRIDAY, attempts=(late,), addresses=gone, channels=("email", "sms")).channel == "sms"


def test_what_may_have_arrived_is_followed_by_nothing_on_any_channel():
    found = step(LATER, attempts=(attempt("uncertain", channel="sms"),), **BOTH)
    assert found.until == FACTS.expires_at


def test_a_site_that_sends_no_reminders_asks_by_no_other_channel():
    assert "no reminders" in step(LATER, Manners(days_reminder=0), attempts=(attempt(),), **BOTH).why


def test_the_other_channel_stays_within_the_persons_budget():
    today = tuple(LATER - timedelta(hours=hours) for hours in (1, 2, 3))
    assert "fewer than 3 messages" in step(LATER, attempts=MAILS, today=today, **BOTH).why


def test_whom_no_message_may_reach_is_looked_at_again_tomorrow():
    waiting = step(FRIDAY, barred={"sms": "It is a landline."}, addresses=(PHONE,), channels=("sms",))
    assert (waiting.until, waiting.why) == (FRIDAY + DAY, "It is a landline.")


def test_without_room_it_waits_until_there_is_some():
    crowd = Full(FRIDAY + timedelta(hours=1), "once fewer than 5 messages went out")
    waiting = step(FRIDAY, full={"sms": crowd}, addresses=(PHONE,), channels=("sms",))
    assert waiting.until == crowd.until
    assert crowd.why in waiting.why
    assert isinstance(step(crowd.until, full={"sms": crowd}, addresses=(PHONE,), channels=("sms",)), Send)
    assert step(FRIDAY, full={"sms": crowd}, **BOTH).channel == "email"


def test_the_narrowest_limit_decides():
    hours = {
        limit: FRIDAY - timedelta(hours=hour) for limit, hour in (("prefix", 20), ("site", 2), ("installation", 9))
    }
    found = full(TextRules(site_a_day=7), hours)
    assert found.until == FRIDAY + timedelta(hours=22)
    assert found.why == "once fewer than 7 messages by SMS went from this site within a day"
    assert full(TextRules(), {"prefix": None, "site": None, "installation": None}) is None


@given(st.integers(0, 23), st.integers(1, 24))
def test_no_message_by_sms_comes_outside_waking_hours(first: int, last: int):
    _, begin, end = hours_for("sms", Manners(hour_first=first, hour_last=last))
    assert 8 <= begin < end <= 20
    assert hours_for("email", Manners(hour_first=first, hour_last=last))[1:] == (first, last)


def test_hours_are_those_of_the_person():
    night = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    all_day = Manners(hour_first=0, hour_last=24)
    by_sms = {"addresses": (PHONE,), "channels": ("sms",), "offered_at": night - timedelta(days=4)}
    assert step(night, all_day, **by_sms).until == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert isinstance(step(night, all_day, zone="Asia/Tokyo", **by_sms), Send)


@pytest.mark.parametrize(
    ("number", "hour"), [("+12125550123", 18), ("+358401234567", 7), ("+79161234567", 6), ("+38349123456", 9)]
)
def test_whose_zone_is_not_known_is_asked_when_all_of_their_country_is_awake(number: str, hour: int):
    """From New York to Honolulu; from Kaliningrad to Kamchatka. Kosovo has no zone of its own in the table."""
    by_sms = {"addresses": (PHONE,), "channels": ("sms",), "country_zones": zones_of(number)}
    night = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    waiting = step(night, offered_at=night - timedelta(days=4), **by_sms)
    assert waiting.until == datetime(2026, 11, 20, hour, 0, tzinfo=UTC)
    assert step(night, zone="Asia/Shanghai", offered_at=night - timedelta(days=4), **by_sms).channel == "sms"


def test_every_country_has_an_hour_at_which_all_of_it_is_awake():
    for region in sorted(SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        names = zones_of(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if number else ()
        zones = [ZoneInfo(name) for name in names]
        for month in (1, 7):
            found = next_open_in_all(datetime(2026, month, 3, tzinfo=UTC), zones, (1,), 8, 20)
            assert all(8 <= found.astimezone(zone).hour < 20 for zone in zones), region


def test_a52_a_number_is_judged_again_when_its_turn_comes():
    rules = TextRules(countries=("GB", "FI"))
    assert barred("+447400123456", rules, Manners(), TALLY) is None
    assert "premium" in barred("+449098791234", rules, Manners(), TALLY)
    assert "landline" in barred("+442079460958", rules, Manners(), TALLY)
    assert "not allowed" in barred("+447400123456", rules, Manners(sms_countries=("FI", "US")), TALLY)
    assert "not allowed" in barred("+447400123456", TextRules(), Manners(sms_countries=("GB",)), TALLY)
    assert "stopped at this site" in barred("+447400123456", rules, Manners(), Tally(OF_LAST, 2))


def test_a_site_is_stopped_only_after_enough_was_asked_in_vain():
    assert stopped(Tally(OF_LAST - 1, 0), 5) is None
    assert stopped(Tally(OF_LAST, 2), 5) is not None
    assert stopped(Tally(OF_LAST, 3), 5) is None
    assert stopped(Tally(OF_LAST, 0), 0) is None


def test_countries_are_named_by_their_letters():
    assert changed(Manners(), "sms_countries", "SE,FI").sms_countries == ("FI", "SE")
    assert changed(Manners(), "sms_countries", "none").sms_countries == ("none",)
    assert changed(Manners(), "sms_answers", "0").sms_answers == 0
    for wrong in ("", "fi", "UK", "FI;SE", "all,FI", "none,FI"):
        with pytest.raises(ValidationFailed):
            changed(Manners(), "sms_countries", wrong)


def test_areas_are_listed_where_they_do_not_make_the_message_dear():
    cheap = (("speed", "Speed"), ("price", "Price"))
    text = compose_text("A\nShop", "en-GB", "What’s missing?", cheap, "https://x.example/a/t", "ask")
    assert text == (
        "A Shop asks: What's missing?\n1 Speed\n2 Price\n"
        "Reply with a number or your own words, or tap https://x.example/a/t - STOP ends these messages."
    )
    dear = (("speed", "Vitesse"), ("image", "Images, leçons"))
    assert listed("Quoi ?", dear) == ()
    assert "Vitesse" not in compose_text("Shop", "fr", "Quoi ?", dear, "https://x.example/a/t", "ask")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_of_ours_takes_more_than_five_parts(language: str):
    link = f"https://feedback.example.com/a/{'A' * 50}"
    for industry in INDUSTRIES:
        for question in pack(industry, language).questions:
            areas = [(area.key, area.label) for area in question.areas]
            for wording in question.variants:
                for purpose in ("ask", "remind"):
                    text = compose_text("Fernweh Rail", language, wording, areas, link, purpose)
                    assert len(measure(text).parts) <= 5, text
