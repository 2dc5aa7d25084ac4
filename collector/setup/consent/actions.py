"""Writes to a survey's consents: new words, and what stood there before."""

from datetime import datetime

from sqlalchemy.orm import Session

from collector.contacts.actions import keep_past_consent
from collector.contacts.consent import sentences
from collector.sites.site import Site
from collector.surveys.actions import set_widget
from collector.surveys.survey import Survey
from collector.surveys.widget import WidgetSettings
from collector.surveys.wording import wording


def change_widget(tx: Session, site: Site, survey: Survey, settings: WidgetSettings, now: datetime) -> list[str]:
    """Replaces the settings of the survey's widget, and keeps sentences of consent that are worded anew as past ones. Returns
    the languages of those. Raises `ValidationFailed` when the survey's scale cannot be drawn like that."""
    before = survey.widget.consent
    changed = [tag for tag in sorted({*before, *settings.consent}) if before.get(tag) != settings.consent.get(tag)]
    for tag in changed:
        shown = sentences(wording(tag).contact, site.name, before.get(tag, {}))
        keep_past_consent(tx, site, survey.id, tag, shown, now)
    set_widget(tx, survey, settings)
    return changed
