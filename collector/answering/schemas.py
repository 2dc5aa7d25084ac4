"""The wire of what comes after the form."""

from dataclasses import dataclass

from marshmallow import RAISE, Schema, fields, validate

from collector.contacts.address import MAX_ADDRESS
from collector.responses.schemas import MISSING, PlainText


@dataclass(frozen=True, slots=True)
class GivenAddress:
    """An address that a visitor left, as it came over the wire."""

    channel: str
    address: str
    consent: str
    language: str
    zone: str | None


class GivenAddressSchema(Schema):
    """An address, and which consent was agreed to."""

    class Meta:
        unknown = RAISE

    channel = fields.String(
        required=True,
        validate=validate.OneOf(["email", "sms"], error="This is not a channel."),
        metadata={"description": "How to write: email or sms, one of those that the settings name."},
        error_messages=MISSING,
    )
    address = PlainText(
        required=True,
        validate=validate.Length(min=1, max=MAX_ADDRESS),
        metadata={"description": "One e-mail address, or one mobile number with its country."},
        error_messages=MISSING,
    )
    consent = PlainText(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "Version of the consent's sentence that was shown, from the settings."},
        error_messages=MISSING,
    )
    language = PlainText(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z", error="This is not a language tag."),
        metadata={"description": "Language in which the sentence was shown."},
        error_messages=MISSING,
    )
    zone = PlainText(
        load_default=None,
        validate=validate.Regexp(r"^[A-Za-z0-9_+/-]{1,64}\Z", error="This is not the name of a time zone."),
        metadata={"description": "The visitor's time zone, such as Europe/Helsinki; messages come by day there."},
        error_messages=MISSING,
    )


class KeptSchema(Schema):
    """What became of it."""

    state = fields.String(required=True, metadata={"description": "kept"})
