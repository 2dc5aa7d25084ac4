"""Reads of what a digest tells, and of who gets one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from collector.accounts.models import ChangeRow, MemberRow, MembershipRow, TeamRow
from collector.cases.board.queries import MOST_COUNTED, overdue
from collector.notices.digests.digest import Digest, line
from collector.notices.digests.period import USUAL, USUAL_HOUR, told_of
from collector.notices.models import DigestRow
from collector.notices.queries import item_of
from collector.reaching.hours import zone_called
from collector.responses.models import ResponseRow
from collector.sites.models import SiteRow
from collector.sites.queries import sites_of
from collector.surveys.queries import category_labels
from collector.web.guards import Role

#: Lines of each kind in one digest.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member chose of one team."""

    member: int
    team: int
    every: str
    hour: int
    due_at: datetime | None
    zone: str


def chosen(tx: Session, member: int, team: int) -> tuple[str, int]:
    """How often a member hears of a team, and at which hour."""
    row = tx.get(DigestRow, (member, team))
    return (row.every, row.hour) if row else (USUAL, USUAL_HOUR)


def due(tx: Session, now: datetime, limit: int) -> list[Chosen]:
    """Whose digests are due, the longest waiting first."""
    found = tx.execute(
        select(DigestRow, MemberRow.zone)
        .join(MemberRow, MemberRow.id == DigestRow.member_id)
        .where(DigestRow.due_at <= now)
        .order_by(DigestRow.due_at)
        .limit(limit)
    )
    return [Chosen(row.member_id, row.team_id, row.every, row.hour, row.due_at, zone) for row, zone in found]


def newcomers(tx: Session, limit: int) -> list[tuple[int, int, str]]:
    """Member, team and zone of those for whom nothing is written down yet."""
    found = tx.execute(
        select(MembershipRow.member_id, MembershipRow.team_id, MemberRow.zone)
        .join(MemberRow, MemberRow.id == MembershipRow.member_id)
        .outerjoin(
            DigestRow,
            and_(DigestRow.member_id == MembershipRow.member_id, DigestRow.team_id == MembershipRow.team_id),
        )
        .where(DigestRow.member_id.is_(None))
        .limit(limit)
    )
    return [(row.member_id, row.team_id, row.zone) for row in found]


def looks_due(tx: Session, now: datetime) -> bool:
    """Whether anybody's digest is due, or somebody is new. Mostly nobody is, and no writer's turn is taken to find out."""
    return bool(due(tx, now, 1) or newcomers(tx, 1))


def digest_for(tx: Session, member: int, team: int, due_at: datetime, root: str) -> tuple[Digest, str] | None:
    """What a member is told of a team at `due_at`, and the member's address; `None` for whoever has left or wants none."""
    found = tx.execute(
        select(DigestRow.every, MemberRow.email, MemberRow.zone, MembershipRow.role, TeamRow.name)
        .join(MemberRow, MemberRow.id == DigestRow.member_id)
        .join(MembershipRow, and_(MembershipRow.member_id == member, MembershipRow.team_id == team))
        .join(TeamRow, TeamRow.id == DigestRow.team_id)
        .where(DigestRow.member_id == member, DigestRow.team_id == team, MemberRow.disabled_at.is_(None))
    ).first()
    if found is None or found.every == "never":
        return None
    before, since, until = told_of(found.every, zone_called(found.zone), due_at)
    sites, labels = [site.id for site in sites_of(tx, team)], category_labels(tx, team)
    came = _came(team, sites, since, until)
    digest = Digest(
        team=found.name,
        every=found.every,
        came=_by_segment(tx, came),
        before=_by_segment(tx, _came(team, sites, before, since)),
        categories=_categories(tx, came, {key: label for (_, key), label in labels.items()}),
        comments=tuple(
            item_of(row, name, labels, root, True)
            for row, name in tx.execute(
                select(ResponseRow, SiteRow.name)
                .join(SiteRow, SiteRow.id == ResponseRow.site_id)
                .where(came, ResponseRow.comment != "", ResponseRow.partial.is_(False))
                .order_by((ResponseRow.segment == "passive").desc(), ResponseRow.id.desc())
                .limit(_MOST)
            )
        ),
        overdue=overdue(tx, team, due_at, MOST_COUNTED),
        changes=_changes(tx, team, since, until) if found.role >= Role.owner else (),
        link=f"{root}/inbox?{urlencode({'since': since.isoformat(), 'until': until.isoformat()})}",
    )
    return digest, found.email


def _came(team: int, sites: Sequence[int], since: datetime, until: datetime) -> ColumnElement[bool]:
    # The sites are named so that each one's index over time is used.
    return and_(
        ResponseRow.team_id == team,
        ResponseRow.site_id.in_(sites),
        ResponseRow.received_at >= since,
        ResponseRow.received_at < until,
        ResponseRow.erased_at.is_(None),
        ResponseRow.suspect.is_(None),
        ResponseRow.set_aside_at.is_(None),
    )


def _by_segment(tx: Session, came: ColumnElement[bool]) -> dict[str, int]:
    counted = tx.execute(
        select(ResponseRow.segment, func.count().label("many")).where(came).group_by(ResponseRow.segment)
    )
    return {row.segment: row.many for row in counted}


def _categories(tx: Session, came: ColumnElement[bool], labels: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    many = func.count().label("many")
    counted = tx.execute(
        select(ResponseRow.category, many)
        .where(came, ResponseRow.category.is_not(None))
        .group_by(ResponseRow.category)
        .order_by(many.desc(), ResponseRow.category)
        .limit(_MOST)
    ).all()
    return tuple((labels.get(row.category, row.category), row.many) for row in counted)


def _changes(tx: Session, team: int, since: datetime, until: datetime) -> tuple[str, ...]:
    in_time = and_(ChangeRow.team_id == team, ChangeRow.at >= since, ChangeRow.at < until)
    found = tx.execute(
        select(ChangeRow.verb, ChangeRow.target, MemberRow.name)
        .outerjoin(MemberRow, MemberRow.id == ChangeRow.member_id)
        .where(in_time)
        .order_by(ChangeRow.id.desc())
        .limit(_MOST)
    ).all()
    more = (tx.scalar(select(func.count()).select_from(ChangeRow).where(in_time)) or 0) - len(found)
    lines = [line(row.name, row.verb, row.target) for row in found]
    return tuple([*lines, f"and {more} more"] if more else lines)
