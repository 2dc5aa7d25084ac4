"""The kinds of values that come over the wire: each is taken in one form, and refused in every other."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields

from collector.ids import parse_uuid
from collector.responses import attributes
from collector.responses.text import MAX_TEXT, clean_text, storable

#: Seconds in thirty years.
MOST_SECONDS = 1e9
#: What is said of a field that was left out, or is null.
MISSING: dict[str, Any] = {"required": "This is missing.", "null": "This may be left out, but not be null."}


class WholeNumber(fields.Integer):
    """A JSON number without a fraction. `7.0` is one (JSON Schema 2020-12 Validation, section 6.1.1); `7.9`, `"7"`, `true`
    and `null` are not, and nothing is ever rounded."""

    default_error_messages = {
        "invalid": "This is a whole number and nothing else.",
        "null": "This is a whole number and nothing else.",
        "required": MISSING["required"],
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value % 1:
            raise self.make_error("invalid")
        return int(value)


class SubmissionId(fields.UUID):
    """A UUID in its hyphenated form (RFC 9562, section 4). Version 7 keeps the index short; every version is taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> UUID:
        found = parse_uuid(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid_uuid")
        return found


class PlainText(fields.String):
    """Text that both databases can store and any file can hold."""

    default_error_messages = {"storable": "This holds a sign that cannot be stored: NUL or half a surrogate pair."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(text, str) and not storable(text):
            raise self.make_error("storable")
        return text


class WrittenText(PlainText):
    """A visitor's own words, cleaned of what could harm a reader. They are counted as they were sent, because whoever
    sends them can count nothing else."""

    default_error_messages = {"long": f"This is longer than {MAX_TEXT} letters."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(text, str) and len(text) > MAX_TEXT:
            raise self.make_error("long")
        return clean_text(text) if isinstance(text, str) else text


class Truth(fields.Boolean):
    """`true` or `false`, and no number or word that stands for one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Seconds(fields.Float):
    """A time in seconds: a JSON number, not negative, shorter than thirty years."""

    default_error_messages = {"invalid": "This is a number of seconds."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MOST_SECONDS:
            raise self.make_error("invalid")
        return float(value)


class NamedValues(fields.Dict):
    """What a page says of its visitor, by name."""

    default_error_messages = {"many": f"There are more than {attributes.MOST} of them."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        if len(value) > attributes.MOST:
            raise self.make_error("many")
        found = {name: attributes.fault_of(name, item) for name, item in value.items()}
        if faults := {name: [fault] for name, fault in found.items() if fault}:
            raise ValidationError(faults)
        return attributes.kept(value)
