"""Reads of responses. What was erased is not there; an anonymous one is not there for its author."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Text, bindparam, cast, column, func, literal, select, table
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from collector.db import table_of
from collector.responses.filters import Filter
from collector.responses.models import INDEXED_PATH, PATH, ResponseRow, ResponseTextRow
from collector.responses.response import StoredResponse
from collector.responses.search import LEAST_STEM
from collector.sites.models import SiteRow
from collector.surveys.models import SurveyRow


@dataclass(frozen=True, slots=True)
class Trace:
    """What is left of a submission that came before: the digest of what it sent, or that this was erased, alone or with what
    pointed to its author."""

    digest: bytes
    is_erased: bool


#: For what pages ask: statements over the table, without its mapper, are made and read in half the time.
_RESPONSE = table_of(ResponseRow).c
#: What of a row a `StoredResponse` is made of, in the order of its fields.
RESPONSE: tuple[Column[Any], ...] = (
    _RESPONSE.team_id,
    _RESPONSE.site_id,
    _RESPONSE.survey_id,
    _RESPONSE.submission_id,
    _RESPONSE.scale,
    _RESPONSE.score,
    _RESPONSE.segment,
    _RESPONSE.category,
    _RESPONSE.comment,
    _RESPONSE.page,
    _RESPONSE.language,
    _RESPONSE.attributes,
    _RESPONSE.partial,
    _RESPONSE.suspect,
    _RESPONSE.received_at,
    _RESPONSE.set_aside_at,
    _RESPONSE.revision,
)
_GONE = ResponseRow.erased_at.is_not(None) | ResponseRow.anonymised_at.is_not(None)


def trace_of(tx: Session, site: int, submission: UUID) -> Trace | None:
    """The trace of a submission, or `None` when it never came."""
    row = tx.execute(select(ResponseRow.digest, _GONE).where(*_at(site, submission))).first()
    return Trace(bytes(row[0]), row[1]) if row else None


def stored_response(tx: Session, site: int, submission: UUID) -> StoredResponse | None:
    """The response to a submission as it is now, for whoever shows it to its author or acts on it."""
    row = tx.execute(select(*RESPONSE).where(*_at(site, submission), ~_GONE)).first()
    return response_in(row) if row else None


def response_in(values: Sequence[Any]) -> StoredResponse:
    """The response in a row that begins with the columns of `RESPONSE`."""
    return StoredResponse(*values[: len(RESPONSE)])


#: SQLite's full-text index. It is no table of the models; triggers write it.
_SEARCH = table("response_search", column("rowid"), column("response_search"))
#: PostgreSQL's dictionaries for the languages that every question is in.
_DICTIONARIES = ("english_stem", "german_stem", "french_stem", "spanish_stem", "finnish_stem")

#: Whether PostgreSQL may go another way than by an index of words, for the rest of the transaction.
_OTHER_WAYS = sql("select set_config('enable_seqscan', :way, true), set_config('enable_indexscan', :way, true)")
_NEWEST = select(func.max(ResponseTextRow.response_id)).where(ResponseTextRow.team_id == bindparam("team"))
_STEMS = sql(
    "select distinct word, unnest(ts_lexize(dictionary::regdictionary, word)) as stem "
    "from unnest(cast(:words as text[])) as word, unnest(cast(:dictionaries as text[])) as dictionary"
)


def searched_number(tx: Session) -> ColumnElement[int]:
    """The response's number where words are searched. Rows come quickest in the order of this very column; `narrowed` joins
    its table when there are words to look for."""
    if tx.get_bind().dialect.name == "postgresql":
        return ResponseTextRow.response_id.expression
    return _SEARCH.c.rowid


def expects_wrongly(tx: Session) -> bool:
    """Whether the database reckons beforehand how many responses have some words. PostgreSQL multiplies the shares of single
    words, and, where it expects many, looks for a few through all of them, the newest first."""
    return tx.get_bind().dialect.name == "postgresql"


def newest_searched(tx: Session, team: int) -> int:
    """The number of a team's newest response that can be searched; 0 when there is none."""
    return tx.scalar(_NEWEST, {"team": team}) or 0


@contextmanager
def by_words(tx: Session) -> Iterator[None]:
    """Statements that PostgreSQL answers by its index of words, whatever it expects."""
    tx.execute(_OTHER_WAYS, {"way": "off"})
    yield
    tx.execute(_OTHER_WAYS, {"way": "on"})


def _holds(tx: Session, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether there is a word beginning with each of `words`. On PostgreSQL with its stem also does, in whichever of five
    languages."""
    if tx.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"({' | '.join(f'{one}:*' for one in forms)})" for forms in _stems(tx, words))
        return ResponseTextRow.words.op("@@", is_comparison=True)(cast(literal(query, Text()), TSQUERY))
    query = " ".join(f'"{word}"*' for word in words)
    return _SEARCH.c.response_search.op("match", is_comparison=True)(query)


def _stems(tx: Session, words: Sequence[str]) -> list[list[str]]:
    found: dict[str, list[str]] = {word: [word] for word in words}
    for word, stem in tx.execute(_STEMS, {"words": list(words), "dictionaries": list(_DICTIONARIES)}):
        # What the stem of a folded word is has letters and digits only, as the word has.
        if len(stem) >= LEAST_STEM and stem != word:
            found[word].append(stem)
    # What begins as another form does is found by that one.
    return [[one for one in forms if not one.startswith(tuple({*forms} - {one}))] for forms in found.values()]


def narrowed(tx: Session, statement: Select[*tuple[Any, ...]], wanted: Filter) -> Select[*tuple[Any, ...]]:
    """A SELECT over responses with the conditions of a filter, but for those that ask for more than the response."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.segment is not None:
        conditions.append(_RESPONSE.segment == wanted.segment)
    if wanted.category is not None:
        conditions.append(_RESPONSE.category == wanted.category)
    if wanted.since is not None:
        conditions.append(_RESPONSE.received_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_RESPONSE.received_at < wanted.until)
    if wanted.partial is not None:
        conditions.append(_RESPONSE.partial == wanted.partial)
    if wanted.site is not None:
        conditions.append(_RESPONSE.site_id.in_(select(SiteRow.id).where(SiteRow.key == wanted.site)))
    if wanted.survey is not None:
        conditions.append(_RESPONSE.survey_id.in_(select(SurveyRow.id).where(SurveyRow.key == wanted.survey)))
    if wanted.suspect is not None:
        suspect = _RESPONSE.suspect
        conditions.append(suspect.is_not(None) if wanted.suspect else suspect.is_(None))
    if wanted.set_aside != "all":
        aside = _RESPONSE.set_aside_at
        conditions.append(aside.is_not(None) if wanted.set_aside == "yes" else aside.is_(None))
    if wanted.attribute is not None:
        conditions.append(_says(*wanted.attribute))
    if wanted.language is not None:
        conditions.append(_is_in(wanted.language))
    if wanted.page is not None:
        conditions.append(_is_on(tx, wanted.page))
    if wanted.text is not None:
        number: Any = searched_number(tx)
        statement = statement.join(number.table, number == _RESPONSE.id).where(_holds(tx, wanted.text))
    return statement.where(*conditions)


def _says(name: str, text: str) -> ColumnElement[bool]:
    # Compared as JSON, which both databases write alike: a text in its marks, a number or truth without.
    said = cast(_RESPONSE.attributes.op("->", return_type=Text())(literal(name, Text())), Text)
    return said.in_({text, json.dumps(text), json.dumps(text, ensure_ascii=False)})


def _is_in(language: str) -> ColumnElement[bool]:
    spoken, wanted = func.lower(_RESPONSE.language), language.lower()
    return (spoken == wanted) | (func.substr(spoken, 1, len(wanted) + 1) == f"{wanted}-")


def _is_on(tx: Session, page: str) -> ColumnElement[bool]:
    """Whether the page begins so. Compared letter by letter: a sign of a visitor's is no pattern."""
    indexed = tx.get_bind().dialect.name == "postgresql"
    place = func.strpos if indexed else func.instr
    address: ColumnElement[Any] = _RESPONSE.page
    # Most pages have it nowhere, which is seen in a third of the time.
    quick = place(address, page) > 0
    if indexed:
        slash = page.find("/", 0 if page.startswith("/") else len("https://"))
        quick = PATH.startswith(page[slash : slash + INDEXED_PATH], autoescape=True) if slash >= 0 else quick
        if slash == 0 and len(page) <= INDEXED_PATH:
            # A second condition would have PostgreSQL expect fewer pages than there are, and read all of them first.
            return quick
    if page.startswith("/"):
        address = func.substr(address, place(func.substr(address, 9), "/") + 8)
    return quick & (func.substr(address, 1, len(page)) == page)


def _at(site: int, submission: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ResponseRow.site_id == site, ResponseRow.submission_id == submission
