"""The wire of the widget. What comes in is checked for its types and lengths here and becomes a frozen value; whether it
fits the survey is for `accept.py` to say."""

from typing import Any

import msgspec
from marshmallow import RAISE, Schema, fields, post_load, validate

from collector.contacts.identity import Identity
from collector.intake.submission import OfferedQuestion, Receipt
from collector.questions.pack import MAX_AREAS
from collector.responses import attributes as rules
from collector.responses.schemas import (
    MISSING,
    MOST_SECONDS,
    NamedValues,
    PlainText,
    Seconds,
    SubmissionId,
    Truth,
    WholeNumber,
    WrittenText,
)
from collector.responses.text import MAX_TEXT
from collector.scales import SCALES
from collector.sites.address import MAX_ADDRESS

_LOWEST = min(scale.lowest for scale in SCALES.values())
_HIGHEST = max(scale.highest for scale in SCALES.values())


def _text(most: int, description: str, pattern: str | None = None) -> dict[str, Any]:
    rules: list[validate.Validator] = [validate.Length(min=1, max=most)]
    if pattern:
        rules.append(validate.Regexp(pattern, error="This is not written as it should be."))
    return {
        "allow_none": False,
        "validate": rules,
        "metadata": {"description": description},
        "error_messages": MISSING,
    }


def _written(description: str) -> WrittenText:
    return WrittenText(
        load_default="",
        metadata={"description": description, "maxLength": MAX_TEXT},
        error_messages=MISSING,
    )


class IdentitySchema(Schema):
    """Who the site says the visitor is, signed by its server."""

    class Meta:
        unknown = RAISE

    id = PlainText(required=True, **_text(200, "The site's own name for this person, never shown to others."))
    email = PlainText(load_default=None, **_text(254, "Where the person agreed to be written to."))
    phone = PlainText(load_default=None, **_text(40, "A mobile number with its country, alike."))
    expires = WholeNumber(
        required=True,
        validate=validate.Range(0, 2**53),
        metadata={"description": "Seconds since 1970 in UTC, at most a day ahead."},
    )
    signature = PlainText(
        required=True, **_text(64, "HMAC-SHA256, 64 hexadecimal digits.", pattern=r"^[0-9A-Fa-f]{64}\Z")
    )

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Identity:
        return Identity(**data)


class AmendmentSchema(Schema):
    """A response as it shall be from now on, as a whole."""

    class Meta:
        unknown = RAISE

    score = WholeNumber(
        required=True,
        validate=validate.Range(_LOWEST, _HIGHEST, error="This is outside every scale."),
        metadata={"description": "A whole number on the survey's scale; 0 is a score."},
    )
    category = PlainText(
        load_default=None, **_text(40, "Key of a category that the survey has.", pattern=r"^[a-z][a-z0-9-]*\Z")
    )
    comment = _written("The visitor's words.")
    language = PlainText(
        load_default=None,
        **_text(35, "Language of the form, as a tag such as de-AT.", pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z"),
    )
    attributes = NamedValues(
        load_default=(),
        metadata={
            "description": "What the page knows of the visitor, by name, such as plan: at most 20 short values.",
            "maxProperties": rules.MOST,
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": rules.LONGEST},
                    {"type": "number", "minimum": -rules.LARGEST, "maximum": rules.LARGEST},
                    {"type": "boolean"},
                ]
            },
        },
        error_messages=MISSING,
    )
    partial = Truth(  # type: ignore[assignment]  # marshmallow takes fields off the class, names of its own too
        load_default=False,
        metadata={"description": "A score was picked and not yet sent; nothing is asked until it is."},
        error_messages=MISSING,
    )
    trap = _written("What stands in a field that people do not see; anything in it marks the response as suspect.")
    seconds = Seconds(
        load_default=None,
        allow_none=False,
        metadata={
            "description": "Seconds from the opening of the form to its sending; less than a tenth marks it as suspect.",
            "minimum": 0,
            "exclusiveMaximum": MOST_SECONDS,
        },
        error_messages=MISSING,
    )


class SubmissionSchema(AmendmentSchema):
    """A visitor's submission."""

    id = SubmissionId(
        required=True,
        metadata={
            "description": "Made by the caller, a UUIDv7 by preference. The same id again gets the same receipt."
        },
        error_messages=MISSING,
    )
    survey = PlainText(load_default=None, **_text(40, "Key of the survey; without it the site's own survey."))
    page = PlainText(
        load_default=None,
        **_text(MAX_ADDRESS, "Address of the page, on one of the site's origins. Its query is dropped."),
    )
    identity = fields.Nested(
        IdentitySchema,
        load_default=None,
        allow_none=False,
        error_messages=MISSING,
        metadata={"description": "Who the visitor is. One that is not believed is left out; the rest is stored."},
    )


class AreaSchema(Schema):
    """Something to tap."""

    key = fields.String(required=True)
    label = fields.String(required=True)


class OfferedQuestionSchema(Schema):
    """The follow-up question."""

    token = fields.String(required=True, metadata={"description": "The answer goes to /v1/follow-ups/{token}."})
    question = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["areas", "text", "both"]),
        metadata={"description": "What to show: areas to tap, a box to write in, or both."},
    )
    areas = fields.List(fields.Nested(AreaSchema), required=True)


class ReceiptSchema(Schema):
    """What the collector answers to a submission."""

    id = fields.UUID(required=True)
    token = fields.String(
        required=True,
        metadata={
            "description": "Whoever holds it may amend the response at /v1/responses/{token}, and see it at /r/{token}."
        },
    )
    follow_up = fields.Nested(OfferedQuestionSchema, required=True, allow_none=True)


class AnswerSchema(Schema):
    """An answer to a follow-up: tapped areas, a text, or both."""

    class Meta:
        unknown = RAISE

    areas = fields.List(
        PlainText(validate=validate.Length(min=1, max=60)),
        load_default=list,
        validate=validate.Length(max=MAX_AREAS),
        metadata={"description": "Keys of the areas that were tapped."},
        error_messages=MISSING,
    )
    text = _written("The visitor's words.")

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "areas": tuple(data["areas"])}


class ProofQuerySchema(Schema):
    """What may stand behind a submission's address."""

    proof = fields.String(
        metadata={
            "description": "The challenge of a refusal, a dot, and the number that was found. Any other is ignored."
        }
    )


class StoredAnswerSchema(Schema):
    """What is stored of a follow-up after an answer."""

    state = fields.String(required=True, metadata={"description": "answered"})
    areas = fields.List(fields.String(), required=True)
    text = fields.String(required=True)
    correctable_until = fields.AwareDateTime(
        required=True, metadata={"description": "Until then another answer replaces this one."}
    )


def receipt_json(receipt: Receipt) -> bytes:
    """A receipt as JSON, in the form that `ReceiptSchema` describes; both doors answer with these bytes."""
    return msgspec.json.encode(
        {"id": receipt.id, "token": receipt.token, "follow_up": _question_value(receipt.follow_up)}
    )


def _question_value(question: OfferedQuestion | None) -> dict[str, Any] | None:
    if question is None:
        return None
    areas = [{"key": key, "label": label} for key, label in question.areas]
    return {"token": question.token, "question": question.question, "kind": question.kind, "areas": areas}
