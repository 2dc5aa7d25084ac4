"""Writes to a survey as its pages make them: held, compared, changed, written down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector.accounts.actions import note_change
from collector.setup.edition import check_edition, edition
from collector.setup.survey.queries import survey_here
from collector.sites.site import Site
from collector.surveys.survey import Survey


@dataclass(frozen=True, slots=True)
class Held:
    """A survey that nobody else changes until the transaction ends."""

    tx: Session
    site: Site
    survey: Survey


#: Changes what is held, and says what the log is to say of it.
Change = Callable[[Held], Mapping[str, Any]]


def change_survey(
    tx: Session, team: int, member: int, key: str, sent: str | None, verb: str, change: Change, now: datetime
) -> None:
    """Has a survey changed and writes that down under `verb`. `sent` is the edition that the form was made from. Raises
    `NotFound`, and `ValidationFailed` where it is another one by now or `change` finds a fault."""
    site, survey = survey_here(tx, team, key, hold=True)
    check_edition(sent, edition(site, survey))
    detail = change(Held(tx, site, survey))
    note_change(tx, team, member, verb, survey.key, now, detail)
