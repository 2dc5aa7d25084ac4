"""The wire of reports."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from collector.bounces.report import KINDS, Report
from collector.contacts.address import MAX_ADDRESS
from collector.responses.schemas import MISSING, PlainText, Truth

#: Reports in one call.
MOST = 100


class ReportSchema(Schema):
    """One report of one message."""

    class Meta:
        unknown = RAISE

    id = PlainText(
        required=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The sender's id for this report; one that comes again changes nothing."},
        error_messages=MISSING,
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(KINDS), error="This is bounce or complaint."),
        metadata={"description": "bounce: the message came back; complaint: the person reported it as unwanted."},
        error_messages=MISSING,
    )
    permanent = Truth(
        load_default=False,
        metadata={"description": "Whether the mailbox will take nothing later either. Other bounces change nothing."},
    )
    message = PlainText(
        load_default=None,
        allow_none=False,
        validate=validate.Length(1, 300),
        metadata={"description": "The Message-ID of the message, with or without its angle brackets."},
    )
    address = PlainText(
        load_default=None,
        allow_none=False,
        validate=validate.Length(1, MAX_ADDRESS),
        metadata={"description": "The address that it went to, where the Message-ID is not known."},
    )

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("message") is None) == (data.get("address") is None):
            raise ValidationError("Give the message or the address, one of the two.")

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Report:
        return Report(data["id"], data["kind"], data["permanent"], data["message"], data["address"])


class ReportsSchema(Schema):
    """What a mail server reports."""

    class Meta:
        unknown = RAISE

    events = fields.List(
        fields.Nested(ReportSchema),
        required=True,
        validate=validate.Length(1, MOST, error=f"These are 1 to {MOST} reports."),
        metadata={"description": f"At most {MOST} reports."},
        error_messages=MISSING,
    )

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"events": tuple(data["events"])}
