"""The wire of outcomes."""

from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate

from collector.exports.schemas import Digits
from collector.outcomes.names import OUTCOMES
from collector.responses.schemas import PlainText
from collector.sites.address import MAX_ADDRESS
from collector.web.paging import DEFAULT_LIMIT, MOST

_DAY: dict[str, Any] = {"load_default": None, "allow_none": False}


class OutcomesSchema(Schema):
    """What became of showing the form in one view of a page."""

    class Meta:
        unknown = RAISE

    survey = PlainText(
        load_default=None,
        allow_none=False,
        validate=validate.Length(1, 40),
        metadata={"description": "Key of the survey; without it the site's own survey."},
    )
    page = PlainText(
        load_default=None,
        allow_none=False,
        validate=validate.Length(1, MAX_ADDRESS),
        metadata={"description": "Address of the page, on one of the site's origins. Its query is dropped."},
    )
    outcomes = fields.List(
        PlainText(validate=validate.OneOf(list(OUTCOMES))),
        required=True,
        validate=validate.Length(1, len(OUTCOMES)),
        metadata={"description": "What happened, each once."},
    )

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "outcomes": tuple(data["outcomes"])}


class OutcomeQuerySchema(Schema):
    """Which counts, and which page of them."""

    class Meta:
        unknown = RAISE

    site = fields.String(
        load_default=None, validate=validate.Length(1, 120), metadata={"description": "Key of the site."}
    )
    since = fields.Date(**_DAY, metadata={"description": "First day, such as 2026-11-01 (UTC)."})
    until = fields.Date(**_DAY, metadata={"description": "Last day, included."})
    cursor = fields.String(load_default=None, metadata={"description": "From `next` of the page before."})
    limit = Digits(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MOST),
        metadata={"description": f"Counts on a page, at most {MOST}."},
    )

    @post_load
    def _days(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}


class OutcomeSchema(Schema):
    """One count."""

    day = fields.String(required=True, metadata={"description": "Day, UTC.", "format": "date"})
    site = fields.String(required=True, metadata={"description": "Key of the site."})
    survey = fields.String(required=True, metadata={"description": "Key of the survey."})
    page = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Address of the page; null for all other pages together."},
    )
    outcome = fields.String(
        required=True, validate=validate.OneOf(list(OUTCOMES)), metadata={"description": "What became of it."}
    )
    count = fields.Integer(required=True, metadata={"description": "How often."})


class OutcomePageSchema(Schema):
    """A page of counts, in the order in which they were begun."""

    items = fields.List(fields.Nested(OutcomeSchema), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Cursor of the page that follows; null on the last."}
    )
