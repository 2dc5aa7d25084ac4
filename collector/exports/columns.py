"""What a row of an export holds. Names and their order are stable: a new column is added at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

from collector.cases.state import STATES
from collector.followups.state import State


@dataclass(frozen=True, slots=True)
class ExportedResponse:
    """One response with the question that was asked, why it was asked, and the answer."""

    number: int
    id: UUID
    site: str
    site_name: str
    survey: str
    received_at: datetime
    scale: str
    score: int
    segment: str
    category: str | None
    comment: str
    page: str | None
    language: str
    follow_up_state: str | None
    channel: str | None
    question: str | None
    question_key: str | None
    question_why: str | None
    offered_areas: tuple[str, ...]
    answer_areas: tuple[str, ...]
    answer: str
    answered_at: datetime | None
    partial: bool
    attributes: Mapping[str, str | int | float | bool]
    suspect: str | None
    amended_at: datetime | None
    answered_by: str | None
    variant: int | None
    probability: float | None
    case_state: str | None
    case_owner: str | None
    tags: tuple[str, ...]
    set_aside_at: datetime | None


#: Column -> what it holds. The order is the order in files.
COLUMNS: dict[str, str] = {
    "id": "The submission's id, a UUID; unique with the site.",
    "site": "Key of the site.",
    "site_name": "Name of the site.",
    "survey": "Key of the survey.",
    "received_at": "When it was stored, UTC, ISO 8601.",
    "scale": "The scale of the survey, such as nps.",
    "score": "The score, a whole number on the scale.",
    "segment": "The band of the score: on NPS detractor, passive or promoter.",
    "category": "Key of the category that the visitor chose; empty when none.",
    "comment": "The visitor's words.",
    "page": "Address of the page: scheme, host and port in their one form, the path, and the parameters that the site keeps.",
    "language": "Language of the form.",
    "follow_up_state": f"{', '.join(get_args(State))}; empty when nothing was asked.",
    "channel": "How the question went out: widget.",
    "question": "The follow-up question as it was shown.",
    "question_key": "Pack and key of the question, such as saas/passive-7-silent.",
    "question_why": "Why this question was chosen, in words.",
    "offered_areas": "Keys of the areas that could be tapped; in CSV separated by a space.",
    "answer_areas": "Keys of the areas that were tapped; in CSV separated by a space.",
    "answer": "The visitor's answer in words.",
    "answered_at": "When the follow-up was first answered, UTC, ISO 8601; empty when it was not.",
    "partial": "true when a score was picked and the form then left.",
    "attributes": "What the page said of its visitor, by name; in CSV as JSON.",
    "suspect": "Why it is hardly a person's: trap, fast or copy; empty for all others.",
    "amended_at": "When the visitor last changed or finished it, UTC, ISO 8601; empty when never.",
    "answered_by": "The channel by which the answer came: widget, email or sms; empty when there is none.",
    "variant": "Which of the question's wordings was shown, from 1; empty when nothing was asked.",
    "probability": "How likely that wording was to be shown, above 0 and at most 1.",
    "case_state": f"{', '.join(STATES)}; empty when it is no case.",
    "case_owner": "Name of the member who looks after the case; empty when nobody does.",
    "tags": "The team's tags on the case; in CSV separated by a semicolon and a space.",
    "set_aside_at": "When the team set it aside, UTC, ISO 8601; empty for all others.",
}

Value = str | int | float | list[str] | dict[str, str | int | float | bool] | None


def values(row: ExportedResponse) -> dict[str, Value]:
    """The row by column, in order, with times as text and areas as lists."""
    return {name: _value(getattr(row, name)) for name in COLUMNS}


def _value(value: object) -> Value:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)
