"""Reads for the inbox: a page of responses, how many there are, their neighbours, saved views."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow
from collector.cases import queries as cases
from collector.cases.filters import CaseFilter
from collector.followups.models import FollowUpRow
from collector.followups.queries import ASKED, narrowed
from collector.inbox.listed import Lines, Listed
from collector.inbox.models import SavedViewRow
from collector.inbox.place import Place
from collector.inbox.views import View
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.responses.queries import by_words, expects_wrongly, newest_searched, response_in, searched_number
from collector.sites.models import SiteRow
from collector.surveys.models import SurveyRow

#: Further than this nobody counts on.
COUNTED = 10_000
#: Seconds that a statement of the inbox takes at most.
PATIENCE = 2.0
#: Responses among which a search on PostgreSQL first looks one by one; some 10 ms.
_NEAR = 30_000
#: Sites that are asked in one statement; SQLite puts no more than 500 parts together.
_SITES = 50


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


@dataclass(frozen=True, slots=True)
class TeamSurvey:
    """A survey as the filter offers it, with the name of its site."""

    key: str
    site: str
    scale: str


def surveys_of_team(tx: Session, team: int) -> tuple[TeamSurvey, ...]:
    """The team's surveys, by site."""
    rows = tx.execute(
        select(SurveyRow.key, SiteRow.name, SurveyRow.scale)
        .join(SiteRow, SiteRow.id == SurveyRow.site_id)
        .where(SurveyRow.team_id == team, SiteRow.deleted_at.is_(None))
        .order_by(SiteRow.name, SurveyRow.id)
    )
    return tuple(TeamSurvey(*row) for row in rows)


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


def places(tx: Session, asked: Asked, beside: Place | None, newer: bool, limit: int) -> list[Place]:
    """The places of up to `limit` responses, nearest to `beside` first. Newest first is by the time of coming, and in a
    search by number, in which its index keeps them."""
    if asked.wanted.text is not None:
        return _matches(tx, asked, beside, newer, limit)
    found: list[Place] = []
    for sites in _few(asked.numbers):
        found += _on_sites(tx, asked, sites, beside, newer, limit)
    found.sort(key=lambda place: (place.at, place.number), reverse=not newer)
    return found[:limit]


def count(tx: Session, asked: Asked, most: int = COUNTED) -> int:
    """How many responses are meant, counted up to one more than `most`."""
    meant = _meant(tx, asked).with_only_columns(ResponseRow.id).limit(most + 1)
    return tx.scalar(select(func.count()).select_from(meant.subquery())) or 0


def views_for(tx: Session, team: int, member: int) -> list[View]:
    """A member's own views and those that others share with the team, by name."""
    rows = tx.execute(
        select(SavedViewRow, MemberRow.name.label("by"))
        .join(MemberRow, MemberRow.id == SavedViewRow.member_id)
        .where(SavedViewRow.team_id == team, (SavedViewRow.member_id == member) | SavedViewRow.shared)
        .order_by(SavedViewRow.name, SavedViewRow.id)
    )
    return [View(row.id, row.name, row.query, row.shared, None if row.member_id == member else by) for row, by in rows]


def _few(sites: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(sites), _SITES):
        yield sites[begin : begin + _SITES]


def _meant(tx: Session, asked: Asked) -> Select[*tuple[Any, ...]]:
    of_team = (ResponseRow.team_id == asked.team, ResponseRow.erased_at.is_(None))
    statement: Select[*tuple[Any, ...]] = select(ResponseRow.id, ResponseRow.received_at).where(*of_team)
    return cases.narrowed(narrowed(tx, statement, asked.wanted), asked.team, asked.cases)


def _on_sites(
    tx: Session, asked: Asked, sites: Sequence[int], beside: Place | None, newer: bool, limit: int
) -> list[Place]:
    """Each site is walked along its index, so that a date deep in the past costs no more than today."""
    at, number = ResponseRow.received_at, ResponseRow.id
    meant = _meant(tx, asked)
    if beside is not None and newer:
        meant = meant.where(at >= beside.at, (at > beside.at) | (number > beside.number))
    elif beside is not None:
        meant = meant.where(at <= beside.at, (at < beside.at) | (number < beside.number))
    order = (at, number) if newer else (at.desc(), number.desc())
    parts = [meant.where(ResponseRow.site_id == site).order_by(*order).limit(limit).subquery() for site in sites]
    every = union_all(*(select(part.c.received_at, part.c.id) for part in parts))
    return [Place(*row) for row in tx.execute(every)]


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
    followed = (FollowUpRow.state, FollowUpRow.answer_text, FollowUpRow.answer_areas, FollowUpRow.areas)
    rows = tx.execute(
        select(ResponseRow, SiteRow.name, *followed)
        .join(SiteRow, SiteRow.id == ResponseRow.site_id)
        .outerjoin(FollowUpRow, ASKED)
        .where(ResponseRow.team_id == team, ResponseRow.id.in_(numbers), SiteRow.deleted_at.is_(None))
    )
    return {
        row.id: Listed(
            number=row.id,
            site=site,
            response=response_in(row),
            anonymous=row.anonymised_at is not None,
            state=state,
            answer=answer or "",
            areas=tuple(label for key, label in areas or () if key in (tapped or ())),
        )
        for row, site, state, answer, tapped, areas in rows
    }
