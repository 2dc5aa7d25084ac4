"""A request's body as checked JSON. Size, type, encoding and depth are looked at before anything is parsed."""

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from flask import request
from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from collector.problems import (
    BadRequest,
    BodyTooLarge,
    Fault,
    MalformedBody,
    UnsupportedMediaType,
    ValidationFailed,
)

MAX_BODY = 16 * 1024
MAX_DEPTH = 8
#: More faults than this help nobody; a body with thousands of unknown names gets a short answer.
MOST_FAULTS = 16
#: A longer name in an answer's pointer would make the answer longer than the question; its object is pointed at instead.
_LONGEST_NAME = 100
#: Whole numbers with more digits are beyond every field and slow to read (CVE-2020-10735).
_MAX_DIGITS = 20

Made = TypeVar("Made")

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_TYPES = ("application/json", "text/plain")


def read_body() -> bytes:
    """The body's bytes. Raises `UnsupportedMediaType` or `BodyTooLarge`."""
    if request.mimetype not in _TYPES or request.mimetype_params.get("charset", "utf-8").lower() not in (
        "utf-8",
        "utf8",
    ):
        raise UnsupportedMediaType()
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without compression.")
    request.max_content_length = MAX_BODY
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BodyTooLarge() from None
    except ClientDisconnected:
        raise BadRequest("The body ended before its announced length.") from None


def parse_json(body: bytes) -> Any:
    """The JSON value in `body`. Raises `MalformedBody` for what RFC 8259 does not allow, for a name that stands twice in
    one object, and for more than eight levels.

    Numbers that no field could hold as they are written (NaN, Infinity, 1e400, five thousand digits, 7.9999999999999999)
    become not-a-number, which every field refuses at its own place."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise MalformedBody("The body begins with a byte-order mark; send plain UTF-8.")
    _check_depth(body)
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_refused,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise MalformedBody() from None


def load(schema: Schema, value: Any, made: type[Made]) -> Made:
    """`value` checked by `schema` and made into `made`. Raises `ValidationFailed` with a pointer for each fault."""
    if not isinstance(value, dict):
        raise ValidationFailed(faults=[Fault("Send one JSON object.", pointer="")])
    try:
        return made(**schema.load(value))
    except ValidationError as error:
        raise ValidationFailed(faults=_faults(error.messages_dict)) from None


def load_query(schema: Schema, made: type[Made]) -> Made:
    """The query's parameters checked by `schema`. Raises `ValidationFailed` naming each parameter at fault; one that is
    given twice is, for two readers might take different ones."""
    faults = [Fault("This is given twice.", parameter=name) for name, given in request.args.lists() if len(given) > 1]
    if faults:
        raise ValidationFailed(faults=faults[:MOST_FAULTS])
    try:
        return made(**schema.load(request.args.to_dict()))
    except ValidationError as error:
        faults = [Fault(_sentence(messages), parameter=name) for name, messages in error.messages_dict.items()]
        raise ValidationFailed(faults=faults[:MOST_FAULTS]) from None


def _check_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for sign in _STRING.sub(b"", body):
        if sign in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedBody(f"The body has more than {MAX_DEPTH} levels.")
        elif sign in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedBody("A name stands twice in one object.")
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else math.nan


def _fraction(digits: str) -> float:
    # 7.9999999999999999 is nearer to 8 than to any other float; made one, it would have been rounded unseen.
    value = float(digits) if len(digits) <= _MAX_DIGITS else math.nan
    return math.nan if value.is_integer() and Decimal(digits) != Decimal(value) else value


def _refused(_name: str) -> float:
    return math.nan


def _faults(messages: Mapping[Any, Any], above: str = "") -> list[Fault]:
    found: list[Fault] = []
    for name, inner in messages.items():
        pointer = f"{above}/{name}" if isinstance(name, int) else above + _step(name)
        if isinstance(inner, dict):
            found += _faults(inner, pointer)
        else:
            found.append(Fault(_sentence(inner), pointer=pointer))
    return found[:MOST_FAULTS]


def _step(name: str) -> str:
    if name == SCHEMA:
        return ""  # what marshmallow says of an object as a whole
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return ""
    return f"/{name.replace('~', '~0').replace('/', '~1')}"


def _sentence(messages: Any) -> str:
    return " ".join(str(message) for message in messages) if isinstance(messages, list) else str(messages)
