"""The wire of lists and exports."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, post_load, validate

from collector.exports.columns import COLUMNS
from collector.responses.filters import FILTERS
from collector.scales import SEGMENTS
from collector.web.paging import DEFAULT_LIMIT, MOST

#: What the document says of a filter beyond its meaning; `parse_filter` holds to it.
_FORMS: dict[str, dict[str, Any]] = {
    "segment": {"enum": list(SEGMENTS)},
    **{name: {"enum": ["yes", "no"]} for name in ("answered", "partial", "suspect")},
    "set_aside": {"enum": ["no", "yes", "all"]},
}


class Digits(fields.Integer):
    """A number written in plain digits, and nothing that merely reads like one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 9):
            raise self.make_error("invalid")
        return int(value)


class FilterSchema(Schema):
    """A filter by its parts; whatever is left out does not narrow."""

    class Meta:
        unknown = RAISE
        include: ClassVar = {
            name: fields.String(metadata={"description": text, **_FORMS.get(name, {})})
            for name, text in FILTERS.items()
        }

    @post_load
    def _parted(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        rest = {name: data.pop(name) for name in list(data) if name not in FILTERS}
        return {"filter": data, **rest}


class ListQuerySchema(FilterSchema):
    """Which responses, and which page of them."""

    cursor = fields.String(load_default=None, metadata={"description": "From `next` of the page before."})
    limit = Digits(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MOST),
        metadata={"description": f"Responses on a page, at most {MOST}."},
    )


class FileQuerySchema(FilterSchema):
    """Which responses, and how the file begins."""

    bom = fields.String(
        load_default="no",
        validate=validate.OneOf(["yes", "no"]),
        metadata={"description": "yes: a CSV file begins with a byte-order mark, for spreadsheets that need it."},
    )


class ExportedResponseSchema(Schema):
    """A response with its follow-up."""

    id = fields.UUID(required=True, metadata={"description": COLUMNS["id"]})
    site = fields.String(required=True, metadata={"description": COLUMNS["site"]})
    site_name = fields.String(required=True, metadata={"description": COLUMNS["site_name"]})
    survey = fields.String(required=True, metadata={"description": COLUMNS["survey"]})
    received_at = fields.String(required=True, metadata={"description": COLUMNS["received_at"], "format": "date-time"})
    scale = fields.String(required=True, metadata={"description": COLUMNS["scale"]})
    score = fields.Integer(required=True, metadata={"description": COLUMNS["score"]})
    segment = fields.String(required=True, metadata={"description": COLUMNS["segment"]})
    category = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["category"]})
    comment = fields.String(required=True, metadata={"description": COLUMNS["comment"]})
    page = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["page"]})
    language = fields.String(required=True, metadata={"description": COLUMNS["language"]})
    follow_up_state = fields.String(
        required=True, allow_none=True, metadata={"description": COLUMNS["follow_up_state"]}
    )
    channel = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["channel"]})
    question = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["question"]})
    question_key = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["question_key"]})
    question_why = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["question_why"]})
    offered_areas = fields.List(fields.String(), required=True, metadata={"description": COLUMNS["offered_areas"]})
    answer_areas = fields.List(fields.String(), required=True, metadata={"description": COLUMNS["answer_areas"]})
    answer = fields.String(required=True, metadata={"description": COLUMNS["answer"]})
    answered_at = fields.String(
        required=True, allow_none=True, metadata={"description": COLUMNS["answered_at"], "format": "date-time"}
    )
    partial = fields.Boolean(  # type: ignore[assignment]  # marshmallow takes fields off the class, names of its own too
        required=True, metadata={"description": COLUMNS["partial"]}
    )
    attributes = fields.Dict(required=True, metadata={"description": COLUMNS["attributes"]})
    suspect = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["suspect"]})
    amended_at = fields.String(
        required=True, allow_none=True, metadata={"description": COLUMNS["amended_at"], "format": "date-time"}
    )
    answered_by = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["answered_by"]})
    variant = fields.Integer(required=True, allow_none=True, metadata={"description": COLUMNS["variant"]})
    probability = fields.Float(required=True, allow_none=True, metadata={"description": COLUMNS["probability"]})
    case_state = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["case_state"]})
    case_owner = fields.String(required=True, allow_none=True, metadata={"description": COLUMNS["case_owner"]})
    tags = fields.List(fields.String(), required=True, metadata={"description": COLUMNS["tags"]})
    set_aside_at = fields.String(
        required=True, allow_none=True, metadata={"description": COLUMNS["set_aside_at"], "format": "date-time"}
    )


class ResponsePageSchema(Schema):
    """A page of responses, oldest first."""

    items = fields.List(fields.Nested(ExportedResponseSchema), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Cursor of the page that follows; null on the last."}
    )
