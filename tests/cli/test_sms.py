"""Settings and commands of SMS."""

import re
from decimal import Decimal

import pytest

from collector.channels.providers import text_providers_for
from collector.channels.providers.twilio import Twilio
from collector.cli.operate import outward_of
from collector.config import SettingsError, read_settings
from tests.cli.test_commands import lukewarm as lukewarm
from tests.cli.test_commands import site as site

SERVICE = {
    "LUKEWARM_SMS_URL": "https://AC1:secret@api.twilio.com",
    "LUKEWARM_SMS_FROM": "+358401000000",
    "LUKEWARM_PUBLIC_URL": "https://ask.example.com",
}


def test_a_service_opens_the_channel_once_a_country_is_allowed():
    assert read_settings(SERVICE).channels == ()
    assert outward_of(read_settings(SERVICE), b"k").providers == {}
    settings = read_settings({**SERVICE, "LUKEWARM_SMS_COUNTRIES": "SE, FI", "LUKEWARM_SMS_PRICE": "0.0575"})
    outward = outward_of(settings, b"k")
    assert (settings.channels, settings.sms_price, outward.rules.countries) == (
        ("sms",),
        Decimal("0.0575"),
        ("FI", "SE"),
    )
    assert isinstance(outward.providers["sms"], Twilio)
    assert text_providers_for(None, "+358401000000") == {}


@pytest.mark.parametrize(
    "environ",
    [
        {"LUKEWARM_SMS_URL": "https://api.twilio.com"},
        {"LUKEWARM_SMS_URL": "https://AC1@api.twilio.com"},
        {"LUKEWARM_SMS_URL": "ftp://AC1:secret@api.twilio.com"},
        {"LUKEWARM_SMS_URL": "http://AC1:secret@api.twilio.com"},
        {"LUKEWARM_SMS_URL": "https://AC1:secret@api.twilio.com/2010"},
        {"LUKEWARM_SMS_FROM": "0401000000"},
        {"LUKEWARM_SMS_FROM": "Shop"},
        {"LUKEWARM_SMS_FROM": ""},
        {"LUKEWARM_PUBLIC_URL": ""},
        {"LUKEWARM_SMS_COUNTRIES": "UK"},
        {"LUKEWARM_SMS_COUNTRIES": "fi"},
        {"LUKEWARM_SMS_COUNTRIES": "all"},
        {"LUKEWARM_SMS_PREFIX_LIMIT": "0"},
        {"LUKEWARM_SMS_PRICE": "-1"},
        {"LUKEWARM_SMS_PRICE": "1e5"},
    ],
)
def test_what_cannot_work_is_said_at_the_start_without_the_token(environ: dict[str, str]):
    with pytest.raises(SettingsError) as refused:
        read_settings({**SERVICE, **environ})
    assert "secret" not in str(refused.value)


def test_a_message_is_shown_with_its_parts_and_its_price_and_nothing_is_sent(lukewarm, site):
    shown = lukewarm("sms", "preview", "Shop", LUKEWARM_SMS_PRICE="0.05").stdout
    assert shown.startswith("Shop asks: ")
    parts = int(re.search(r"GSM-7, (\d) parts, room for \d+ more in the last\.", shown)[1])
    assert f"It costs {parts * Decimal('0.05')}." in shown
    french = lukewarm("sms", "preview", "Shop", "--language", "fr").stdout
    assert "Shop demande :" in french
    assert "LUKEWARM_SMS_PRICE" in french
    assert lukewarm("sms", "preview", "Shop", "--score", "99").exit_code == 2


def test_where_a_site_stands_is_shown_and_it_can_be_had_to_go_on(lukewarm, site):
    lukewarm("followup", "manners", "Shop", "sms_countries=FI", "days_silent=2")
    lines = lukewarm("sms", "show", "Shop", LUKEWARM_SMS_COUNTRIES="FI,SE").stdout.splitlines()
    assert lines == [
        "Countries: FI,SE in the installation, FI of them here.",
        "Within a day: 0 of at most 50.",
        "Of the last 0 questions that people had time for, 0 were answered.",
        "Messages may go out.",
    ]
    assert lukewarm("sms", "resume", "Shop").exit_code == 0
    assert {"days_silent=2", "sms_countries=FI"} <= set(lukewarm("followup", "manners", "Shop").stdout.splitlines())
    assert lukewarm("sms", "resume", "Nobody").exit_code == 1
    assert "LUKEWARM_SMS_COUNTRIES=FI,SE" in lukewarm("config", LUKEWARM_SMS_COUNTRIES="FI,SE").stdout
