"""Where both channels are configured, the widget may ask for a phone number, with a sentence to agree to."""

from dataclasses import replace
from uuid import UUID

import pytest

from collector.contacts.queries import contact_of
from collector.surveys.actions import set_widget
from collector.surveys.queries import surveys_of
from collector.surveys.wording import LANGUAGES, wording
from tests.make import submission_id
from tests.reaching.conftest import mails as mails
from tests.reaching.sms.conftest import ANN, Texting
from tests.reaching.sms.conftest import app as app
from tests.reaching.sms.conftest import here as here
from tests.reaching.sms.conftest import listening as listening
from tests.reaching.sms.conftest import service as service


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Which channels are told follows from the settings."""
    return sqlite_url


def test_settings_tell_both_channels_with_the_sentence_that_is_kept(here: Texting):
    with here.database.writing() as tx:
        survey = surveys_of(tx, here.site.id)[0]
        set_widget(tx, survey, replace(survey.widget, contact=True))
    told = here.client.get(f"/v1/sites/{here.site.key}/survey").json["contact"]
    assert told["channels"] == ["email", "sms"]
    here.phone(1)
    with here.database.reading() as tx:
        (address,) = contact_of(tx, here.site.id, UUID(submission_id(1))).addresses
    assert (address.address, address.consent.wording) == (ANN, told["consent"]["sms"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_label_and_a_sentence_for_phones(language: str):
    words = wording(language).contact
    assert words["phone"]
    assert "{site}" in words["consent_sms"]
    assert words["consent_sms"] != words["consent_email"]
