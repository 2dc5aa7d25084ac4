"""Reads for the inbox: a page of responses, how many there are, their neighbours, saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow
from collector.cases import queries as cases
from collector.cases.filters import CaseFilter
from collector.cases.models import CaseRow
from collector.cases.rules import CaseRules
from collector.db import UNAVAILABLE, table_of
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED, narrowed
from collector.inbox.listed import Lines, Listed
from collector.inbox.models import SavedViewRow
from collector.inbox.place import Place
from collector.inbox.views import View
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.responses.queries import (
    RESPONSE,
    by_words,
    expects_wrongly,
    newest_searched,
    response_in,
    searched_number,
)
from collector.sites.models import SiteRow

#: Further than this nobody counts on.
COUNTED = 10_000
#: Seconds that a statement of the inbox takes at most.
PATIENCE = 2.0
#: Responses among which a search on PostgreSQL first looks one by one; some 10 ms.
_NEAR = 30_000
#: Walks in one statement; SQLite puts no more than 500 parts together.
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member looks for in a team: the sites (number and key), and the filters."""

    team: int
    sites: tuple[tuple[int, str], ...]
    wanted: Filter
    cases: CaseFilter

    @property
    def numbers(self) -> list[int]:
        """The sites that are meant."""
        return [number for number, key in self.sites if self.wanted.site in (None, key)]


#: What is made anew for each page is made of the table: without the mapper, in half the time.
_RESPONSE, _SITE, _FOLLOW_UP = table_of(ResponseRow).c, table_of(SiteRow).c, table_of(FollowUpRow).c
#: Statements that are made once cost a third of others. A line has its response, the follow-up, and the case.
LISTED = cases.owned(
    select(
        *RESPONSE,
        _RESPONSE.anonymised_at,
        _SITE.name.label("site_name"),
        _FOLLOW_UP.state,
        _FOLLOW_UP.answer_text,
        _FOLLOW_UP.answer_areas,
        _FOLLOW_UP.areas,
        *cases.SHOWN,
    )
    .select_from(table_of(ResponseRow))
    .join(table_of(SiteRow), _SITE.id == _RESPONSE.site_id)
    .outerjoin(table_of(FollowUpRow), ASKED)
    .outerjoin(table_of(CaseRow), and_(cases.OF_RESPONSE, CaseRow.team_id == ResponseRow.team_id))
).where(_RESPONSE.team_id == bindparam("team"), _SITE.deleted_at.is_(None))
_NUMBERED = LISTED.where(_RESPONSE.id.in_(bindparam("numbers", expanding=True)))
_VIEWS = (
    select(SavedViewRow.id, SavedViewRow.name, SavedViewRow.query, SavedViewRow.shared, MemberRow.id, MemberRow.name)
    .join(MemberRow, MemberRow.id == SavedViewRow.member_id)
    .where(
        SavedViewRow.team_id == bindparam("team"), (SavedViewRow.member_id == bindparam("member")) | SavedViewRow.shared
    )
    .order_by(SavedViewRow.name, SavedViewRow.id)
)


def lines(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> Lines:
    """A page of up to `limit` responses that follow `beside`, which is not among them, in the direction asked for; from the
    newest on when there is none."""
    found = places(tx, asked, beside, newer, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if newer:
        shown.reverse()
    whole = listed(tx, asked.team, [place.number for place in shown])
    return Lines(
        tuple(whole[place.number] for place in shown if place.number in whole),
        newer=more if newer else beside is not None,
        older=more if not newer else True,
    )


def nearest(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> Lines | None:
    """The same, but the first page where too few are newer. `None` where looking takes longer than the transaction allows,
    which is then of no more use."""
    try:
        found = lines(tx, asked, beside, newer, limit)
        return lines(tx, asked, None, False, limit) if newer and len(found.lines) < limit else found
    except UNAVAILABLE:
        return None


def places(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> list[Place]:
    """The places of up to `limit` responses, nearest to `beside` first. Newest first is by the time of coming, and in a
    search by number, in which its index keeps them."""
    if asked.wanted.text is not None:
        return _matches(tx, asked, beside, newer, limit)
    found = _walked(tx, _walks(tx, asked, beside, newer, limit))
    found.sort(key=_in_order, reverse=not newer)
    return found[:limit]


def neighbours(tx: Session, asked: Asked, place: Place) -> tuple[Place | None, Place | None]:
    """The places next to `place`, the newer and the older one. Neither where looking takes longer than the transaction allows,
    which is then of no more use."""
    try:
        if asked.wanted.text is not None:
            sides = [_matches(tx, asked, place, newer, 1) for newer in (True, False)]
        else:
            both = _walked(tx, [walk for newer in (True, False) for walk in _walks(tx, asked, place, newer, 1)])
            sides = [[one for one in both if (_in_order(one) > _in_order(place)) is newer] for newer in (True, False)]
    except UNAVAILABLE:
        return None, None
    return min(sides[0], key=_in_order, default=None), max(sides[1], key=_in_order, default=None)


def count(tx: Session, asked: Asked, most: int = COUNTED) -> int:
    """How many responses are meant, counted up to one more than `most`."""
    meant = _meant(tx, asked).with_only_columns(ResponseRow.id).limit(most + 1)
    return tx.scalar(select(func.count()).select_from(meant.subquery())) or 0


def views_for(tx: Session, team: int, member: int) -> list[View]:
    """A member's own views and those that others share with the team, by name."""
    rows = tx.execute(_VIEWS, {"team": team, "member": member})
    return [
        View(number, name, query, shared, None if by == member else by_name)
        for number, name, query, shared, by, by_name in rows
    ]


def _in_order(place: Place) -> tuple[datetime, int]:
    return place.at, place.number


def _meant(tx: Session, asked: Asked) -> Select[*tuple[Any, ...]]:
    of_team = (_RESPONSE.team_id == asked.team, _RESPONSE.erased_at.is_(None))
    statement: Select[*tuple[Any, ...]] = select(_RESPONSE.id, _RESPONSE.received_at).where(*of_team)
    return cases.narrowed(narrowed(tx, statement, asked.wanted), asked.team, asked.cases)


def _walks(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> list[Select[*tuple[Any, ...]]]:
    """Each site is walked along its index, so that a date deep in the past costs no more than today."""
    at, number = _RESPONSE.received_at, _RESPONSE.id
    meant = _meant(tx, asked)
    if beside is not None and newer:
        meant = meant.where(at >= beside.at, (at > beside.at) | (number > beside.number))
    elif beside is not None:
        meant = meant.where(at <= beside.at, (at < beside.at) | (number < beside.number))
    order = (at, number) if newer else (at.desc(), number.desc())
    meant = meant.order_by(*order).limit(limit)
    return [meant.where(_RESPONSE.site_id == site) for site in asked.numbers]


def _walked(tx: Session, walks: Sequence[Select[*tuple[Any, ...]]]) -> list[Place]:
    found: list[Place] = []
    for begin in range(0, len(walks), _AT_ONCE):
        parts = [walk.subquery() for walk in walks[begin : begin + _AT_ONCE]]
        every = union_all(*(select(part.c.received_at, part.c.id) for part in parts))
        found += [Place(*row) for row in tx.execute(every)]
    return found


def _matches(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> list[Place]:
    number = searched_number(tx)
    meant = _meant(tx, asked).with_only_columns(ResponseRow.received_at, number)
    if beside is not None:
        meant = meant.where(number > beside.number if newer else number < beside.number)
    meant = meant.order_by(number if newer else number.desc()).limit(limit)
    if not expects_wrongly(tx):
        return [Place(*row) for row in tx.execute(meant)]
    # Among the next so many, what is common is found at once; what is not is rare, and for the index of words.
    begin = beside.number if beside is not None else newest_searched(tx, asked.team)
    near = number.between(begin, begin + _NEAR) if newer else number.between(begin - _NEAR, begin)
    found = [Place(*row) for row in tx.execute(meant.where(near))]
    if len(found) < limit:
        with by_words(tx):
            found = [Place(*row) for row in tx.execute(meant)]
    return found


def listed(tx: Session, team: int, numbers: Sequence[int]) -> dict[int, Listed]:
    """Responses of a team as lines, by number; those of a site that was deleted are not there, though not erased yet."""
    rows = tx.execute(_NUMBERED, {"team": team, "numbers": numbers}).all() if numbers else []
    rules = cases.rules_of(tx, team) if any(row.case for row in rows) else CaseRules()
    return {row.response: line_in(row, rules) for row in rows}


def line_in(row: Any, rules: CaseRules) -> Listed:
    """The line in a row of `LISTED`."""
    return Listed(
        number=row.response,
        site=row.site_name,
        response=response_in(row),
        anonymous=row.anonymised_at is not None,
        state=row.state,
        answer=row.answer_text or "",
        areas=tuple(label for key, label in row.areas or () if key in (row.answer_areas or ())),
        case=cases.case_in(row, rules) if row.case else None,
    )
