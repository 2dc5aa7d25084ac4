"""Responses for programs: page by page, and as files that stream."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import BoundedSemaphore
from time import sleep
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, jsonify, request
from flask import Response as Reply

from collector.exports.columns import ExportedResponse, values
from collector.exports.formats import FORMATS
from collector.exports.queries import exported_responses, newest_response, response_writers
from collector.exports.schemas import FileQuerySchema, ListQuerySchema, ResponsePageSchema
from collector.exports.walk import walk
from collector.problems import (
    FormatNotFound,
    KeyRequired,
    MethodNotAllowed,
    ScopeMissing,
    TooManyRequests,
    Unavailable,
    ValidationFailed,
)
from collector.responses.filters import parse_filter
from collector.web.body import load_query
from collector.web.context import context
from collector.web.guards import allow, key
from collector.web.openapi import Operation, operation
from collector.web.paging import cursor_after, row_of

bp = Blueprint("exports", __name__, url_prefix="/api")

_PROBLEMS = (TooManyRequests, KeyRequired, ScopeMissing, ValidationFailed, MethodNotAllowed, Unavailable)

#: How often, and after how many seconds, the list looks whether those have ended who were writing when it was asked for. A
#: submission is written within milliseconds.
_LOOKS, _PAUSE = 200, 0.01


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The query of the list."""

    filter: Mapping[str, str]
    cursor: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class FileQuery:
    """The query of a file."""

    filter: Mapping[str, str]
    bom: str


@bp.get("/responses")
@operation(
    Operation(
        summary="List responses",
        description="Responses of the key's team, oldest first, each with the question asked, why, and the answer.",
        tag="Team",
        answer=ResponsePageSchema,
        query=ListQuerySchema,
        problems=_PROBLEMS,
        key=True,
        headers={"Link": 'The next page as rel="next" (RFC 8288); left out on the last.'},
    )
)
@allow(key("responses:read"))
def list_responses() -> Reply:
    """A page of responses and the cursor of the next."""
    query = load_query(ListQuerySchema(), ListQuery)
    wanted = parse_filter(query.filter)
    after = row_of(query.cursor) if query.cursor is not None else 0
    newest = _settled(g.team)
    with context().database.reading() as tx:
        found = exported_responses(tx, g.team, wanted, after, query.limit + 1, newest)
    page = found[: query.limit]
    following = cursor_after(page[-1].number) if len(found) > query.limit else None
    reply = jsonify(ResponsePageSchema().dump({"items": map(values, page), "next": following}))
    if following is not None:
        address = f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': following})}"
        reply.headers["Link"] = f'<{address}>; rel="next"'
    return reply


def _settled(team: int) -> int:
    """The number of a response of the team's up to which every number is decided: no cursor after it passes over a row that
    is committed later. Waits for those who are writing; raises `Unavailable` when one of them does not come to an end."""
    database = context().database
    with database.reading() as tx:
        newest = newest_response(tx, team)
        # In this order: who took a smaller number than the newest has held its lock since then, or has ended.
        writing = response_writers(tx)
    for _ in range(_LOOKS):
        if not writing:
            return newest
        sleep(_PAUSE)
        with database.reading() as tx:
            writing &= response_writers(tx)
    raise Unavailable("Somebody has been writing responses for seconds. Ask again a little later: none is passed over.")


@bp.get("/exports/responses.<format>")
@operation(
    Operation(
        summary="Download responses",
        description="The same responses as one file, streamed. `format` is csv or jsonl.",
        tag="Team",
        answer=tuple(item.media_type.split(";")[0] for item in FORMATS.values()),
        query=FileQuerySchema,
        problems=(*_PROBLEMS, FormatNotFound),
        key=True,
        parameters={"format": "Ending of the file: csv or jsonl."},
    )
)
@allow(key("exports:read"))
def download_responses(format: str) -> Reply:
    """A file of all responses that the filter means."""
    return file_of_responses(format, g.team)


def file_of_responses(format: str, team: int) -> Reply:
    """A team's responses that the request's filter means, as a file that streams. Raises `FormatNotFound`, or `Unavailable`
    when too many downloads are under way."""
    chosen = FORMATS.get(format)
    if chosen is None:
        raise FormatNotFound()
    query = load_query(FileQuerySchema(), FileQuery)
    wanted, database = parse_filter(query.filter), context().database

    def batch_after(number: int) -> list[ExportedResponse]:
        with database.reading() as tx:
            return exported_responses(tx, team, wanted, number)

    rows = map(values, walk(batch_after))
    downloads: BoundedSemaphore = current_app.extensions["lukewarm.downloads"]
    if not downloads.acquire(blocking=False):
        raise Unavailable("As many downloads as this collector takes at once are under way. Try again a little later.")
    place = ExitStack()
    place.callback(downloads.release)

    def pieces() -> Iterator[str]:
        with place:
            yield from chosen.write(rows, query.bom == "yes")

    reply = Reply(pieces())
    # A download that nobody begins to read ends here; one that was read has left its place already.
    reply.call_on_close(place.close)
    reply.headers["Content-Type"] = chosen.media_type
    reply.headers["Content-Disposition"] = f'attachment; filename="responses.{chosen.name}"'
    reply.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reply
