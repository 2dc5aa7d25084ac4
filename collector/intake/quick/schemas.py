"""A quick reader of submissions, made from the schema that checks them.

It reads what nearly every visitor sends and says nothing of the rest: where it returns `None`, the schema decides, and it
may still take the body. Whatever this reader takes, the schema takes with the same values; a property test holds that."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from marshmallow import Schema, fields, missing, validate

from collector.intake.schemas import SubmissionSchema
from collector.intake.submission import Content
from collector.responses import attributes
from collector.responses.schemas import (
    NamedValues,
    PlainText,
    Seconds,
    SubmissionId,
    Truth,
    WholeNumber,
    WrittenText,
)
from collector.responses.text import MAX_TEXT, clean_text

Made = TypeVar("Made")

_HYPHENATED = r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"
#: Numbers that are the same to every reader: no exponent, and few enough digits for none to be rounded.
_PLAIN_NUMBER = re.compile(rb"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
#: Escapes that this reader leaves to the schema: a NUL cannot be stored, and a quotation mark must stand as itself for the
#: marks to be counted.
_LEFT_ALONE = (b"\\u0000", b"\\u0022")


def _decoder_for(schema: Schema, made: Callable[..., Made]) -> Callable[[bytes], Made | None]:
    """A function that reads a JSON body as `schema` and `made` would, or returns `None`.

    Raises `TypeError` for a field of a kind that it does not know, when it is made."""
    # A body with an object in it has a field that is unknown here, and is left to the schema.
    plain = {name: field for name, field in schema.fields.items() if not isinstance(field, fields.Nested)}
    known = {name: _read_as(field) for name, field in plain.items()}
    shape = msgspec.defstruct(
        "Quick",
        [(name, kind, msgspec.field(default=default)) for name, (kind, default, _) in known.items()],
        forbid_unknown_fields=True,
        kw_only=True,
    )
    decode = msgspec.json.Decoder(shape).decode
    converts = [(name, convert) for name, (_, _, convert) in known.items()]

    def read(body: bytes) -> Made | None:
        for escape in _LEFT_ALONE:
            if escape in body:
                return None
        try:
            found = decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        marks = 0
        values = {}
        for name, convert in converts:
            value = getattr(found, name)
            if value is msgspec.UNSET:
                value = schema.fields[name].load_default
                if value is missing:
                    return None
            else:
                # Two marks around the name.
                marks += 2 + _marks(value)
                if convert is not None:
                    value = convert(value)
                    if value is None:
                        return None
            values[name] = value
        # A name that stands twice was read without a word; its marks are in the body all the same.
        return made(**values) if marks == body.count(b'"') else None

    return read


def _marks(value: Any) -> int:
    """The quotation marks in which a value is written: two around a text, and those in it, which stand in the body as \"."""
    if isinstance(value, str):
        return 2 + value.count('"')
    if isinstance(value, dict):
        return sum(2 + _marks(item) for item in value.values())
    return 0


def _seconds(raw: msgspec.Raw) -> float | None:
    written = bytes(raw)
    return float(written) if _PLAIN_NUMBER.fullmatch(written) else None


def _attributes(values: dict[str, Any]) -> Any:
    # A fraction may have been rounded on its way here, which the schema refuses.
    return None if any(isinstance(value, float) for value in values.values()) else attributes.kept(values)


def _read_as(field: fields.Field[Any]) -> tuple[Any, Any, Callable[[Any], Any] | None]:
    """The type to read a field as, its default, and what makes the value of what was read, or `None` to leave it to the
    schema."""
    if isinstance(field, Truth):
        return bool, msgspec.UNSET, None
    if isinstance(field, Seconds):
        return msgspec.Raw, msgspec.UNSET, _seconds
    if isinstance(field, NamedValues):
        name = Annotated[str, msgspec.Meta(pattern=rf"^{attributes.NAME.pattern}\Z")]
        text = Annotated[str, msgspec.Meta(max_length=attributes.LONGEST)]
        number = Annotated[int, msgspec.Meta(ge=-attributes.LARGEST, le=attributes.LARGEST)]
        values = Annotated[dict[name, text | number | float | bool], msgspec.Meta(max_length=attributes.MOST)]
        return values, msgspec.UNSET, _attributes
    if isinstance(field, SubmissionId):
        return Annotated[str, msgspec.Meta(pattern=_HYPHENATED)], msgspec.UNSET, UUID
    if isinstance(field, WholeNumber):
        (bounds,) = [rule for rule in field.validators if isinstance(rule, validate.Range)]
        return Annotated[int, msgspec.Meta(ge=bounds.min, le=bounds.max)], msgspec.UNSET, None
    if isinstance(field, WrittenText):
        return Annotated[str, msgspec.Meta(max_length=MAX_TEXT)], msgspec.UNSET, clean_text
    if isinstance(field, PlainText):
        limits: dict[str, Any] = {}
        for rule in field.validators:
            if isinstance(rule, validate.Length):
                limits |= {"min_length": rule.min, "max_length": rule.max}
            elif isinstance(rule, validate.Regexp):
                limits["pattern"] = rule.regex.pattern
        return Annotated[str, msgspec.Meta(**limits)], msgspec.UNSET, None
    raise TypeError(f"no quick way to read a field of the kind {type(field).__name__}")


#: Reads the body of a submission. What it does not take, the schema takes or says what is wrong with.
read_quickly = _decoder_for(SubmissionSchema(), Content)
