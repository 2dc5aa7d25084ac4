"""Reads for finding waves, and of those that were found."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from collector.accounts.models import MemberRow
from collector.responses.models import ResponseRow
from collector.responses.queries import RESPONSE, response_in
from collector.responses.response import StoredResponse
from collector.sites.models import SiteRow
from collector.waves.models import HourRow, WatchRow, WaveRow
from collector.waves.recount import Recount
from collector.waves.unusual import PAST
from collector.waves.watch import Seen, Watch
from collector.waves.wave import Verdict, Wave


def with_news(tx: Session, until: datetime) -> list[Watch]:
    """The sites that got responses since they were last looked at."""
    rows = tx.execute(
        select(SiteRow.id, SiteRow.team_id, WatchRow)
        .outerjoin(WatchRow, WatchRow.site_id == SiteRow.id)
        .where(SiteRow.deleted_at.is_(None))
        .order_by(SiteRow.id)
    ).all()
    known = (_watch(row) if row else _begun(tx, team, site, until) for site, team, row in rows)
    return [watch for watch in known if watch is not None and seen_after(tx, watch, until, 1)]


def has_prints(tx: Session, made_before: datetime) -> bool:
    """Whether there are prints that were made with a key of before a moment."""
    old = select(WatchRow.site_id).where(WatchRow.key != "", WatchRow.key_made_at < made_before)
    return tx.scalar(old.limit(1)) is not None


def seen_after(tx: Session, watch: Watch, until: datetime, limit: int) -> list[Seen]:
    """Up to `limit` responses that came to a site after those that were looked at, in the order in which they came."""
    row = ResponseRow
    later = or_(row.received_at > watch.at, row.id > watch.number)
    statement = (
        select(
            row.id, row.submission_id, row.received_at, row.survey_id, row.score, row.category, row.page, row.comment
        )
        .add_columns(_kind(), row.suspect.is_not(None))
        .where(*_came(watch.team, watch.site, watch.at, until))
        .where(later)
        .order_by(row.received_at, row.id)
        .limit(limit)
    )
    return [Seen(*found) for found in tx.execute(statement)]


def numbers(tx: Session, watch: Watch, since: datetime, until: datetime) -> dict[str, int]:
    """How many responses of each kind came in a time, but for those that are set aside."""
    kind = _kind()
    counted = select(kind, func.count()).where(*_counted(watch, since, until)).group_by(kind)
    return {row[0]: row[1] for row in tx.execute(counted)}


def moments(tx: Session, watch: Watch, kind: str, since: datetime, until: datetime) -> list[datetime]:
    """When the responses of a kind came in a time, but for those that are set aside."""
    came = select(ResponseRow.received_at).where(*_counted(watch, since, until), _kind() == kind)
    return list(tx.scalars(came.order_by(ResponseRow.received_at)))


def counts_in(tx: Session, watch: Watch, kind: str, hours: Sequence[datetime]) -> list[int]:
    """How many responses of a kind came within each of these hours."""
    rows = tx.execute(
        select(HourRow.at, HourRow.number).where(
            HourRow.site_id == watch.site, HourRow.at.in_(hours), HourRow.kind == kind
        )
    )
    found = {row.at: row.number for row in rows}
    return [found.get(hour, 0) for hour in hours]


_WAVES = (
    select(WaveRow, SiteRow.key, SiteRow.name, MemberRow.name.label("by"))
    .join(SiteRow, SiteRow.id == WaveRow.site_id)
    .outerjoin(MemberRow, MemberRow.id == WaveRow.judged_by)
    .where(SiteRow.deleted_at.is_(None))
    .order_by(WaveRow.id.desc())
    .execution_options(populate_existing=True)
)
_OPEN = _WAVES.where(WaveRow.team_id == bindparam("team"), WaveRow.verdict.is_(None))


def open_waves(tx: Session, team: int) -> list[Wave]:
    """The waves that nobody has judged yet, the newest first."""
    return [_wave(*row) for row in tx.execute(_OPEN, {"team": team})]


def latest_waves(tx: Session, team: int, limit: int) -> list[Wave]:
    """The newest waves, judged or not."""
    return _waves(tx, WaveRow.team_id == team, limit=limit)


def wave_numbered(tx: Session, team: int, number: int) -> Wave | None:
    """The team's wave of this number."""
    found = _waves(tx, WaveRow.team_id == team, WaveRow.id == number)
    return found[0] if found else None


def of_wave(wave: Wave) -> Select[int]:
    """Selects the numbers of a wave's responses, those that are set aside among them."""
    return select(ResponseRow.id).where(ResponseRow.team_id == wave.team, _within(wave))


def standing(tx: Session, wave: Wave) -> Counter[bool]:
    """How many of a wave's responses are set aside (true), and how many are not (false)."""
    aside = ResponseRow.set_aside_at.is_not(None)
    here = (ResponseRow.team_id == wave.team, ResponseRow.erased_at.is_(None), _within(wave))
    counted = select(aside, func.count()).where(*here).group_by(aside)
    return Counter({bool(is_aside): number for is_aside, number in tx.execute(counted)})


def some_of(tx: Session, wave: Wave, limit: int) -> list[tuple[int, StoredResponse]]:
    """The newest responses of a wave with their numbers."""
    here = (ResponseRow.team_id == wave.team, ResponseRow.erased_at.is_(None), _within(wave))
    found = select(*RESPONSE, ResponseRow.id).where(*here)
    rows = tx.execute(found.order_by(ResponseRow.received_at.desc(), ResponseRow.id.desc()).limit(limit))
    return [(row.id, response_in(row)) for row in rows]


def recounted(tx: Session, wave: Wave, span: timedelta) -> list[Recount]:
    """The site's numbers in the time that ends with a wave, with and without it. What is suspect for another reason than the
    wave's is not counted at all, as in every figure."""
    kept, inside = ResponseRow.set_aside_at.is_(None), _within(wave)
    counted = (
        select(
            ResponseRow.scale,
            ResponseRow.segment,
            func.count(),
            func.sum(case((kept, 1), else_=0)),
            func.sum(case((kept & ~inside, 1), else_=0)),
        )
        .where(*_came(wave.team, wave.site, wave.last - span, wave.last), ResponseRow.suspect.is_(None) | inside)
        .group_by(ResponseRow.scale, ResponseRow.segment)
    )
    return [Recount(*row) for row in tx.execute(counted)]


def _kind() -> ColumnElement[str]:
    """What a response counts as."""
    return func.coalesce(ResponseRow.suspect, ResponseRow.segment)


def _came(team: int, site: int, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ResponseRow.team_id == team,
        ResponseRow.site_id == site,
        ResponseRow.received_at >= since,
        ResponseRow.received_at <= until,
        ResponseRow.erased_at.is_(None),
    )


def _counted(watch: Watch, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_came(watch.team, watch.site, since, until), ResponseRow.set_aside_at.is_(None))


def _within(wave: Wave) -> ColumnElement[bool]:
    came = ResponseRow.received_at.between(wave.first, wave.last)
    return (ResponseRow.site_id == wave.site) & came & (_kind() == wave.kind)


def _watch(row: WatchRow) -> Watch:
    return Watch(row.team_id, row.site_id, row.at, row.number, row.since, row.key, row.key_made_at)


def _begun(tx: Session, team: int, site: int, until: datetime) -> Watch | None:
    """A site that nobody has looked at yet is counted from its first response on, so that an update brings its past along."""
    first = tx.scalar(
        select(func.min(ResponseRow.received_at)).where(ResponseRow.team_id == team, ResponseRow.site_id == site)
    )
    if first is None:
        return None
    since = max(first, until - PAST)
    return Watch(team, site, since - timedelta(microseconds=1), 0, since, "", until, is_new=True)


def _waves(tx: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Wave]:
    return [_wave(*row) for row in tx.execute(_WAVES.where(*conditions).limit(limit))]


def _wave(row: WaveRow, key: str, site: str, by: str | None) -> Wave:
    values: dict[str, Any] = {name: getattr(row, name) for name in ("id", "kind", "number", "hourly", "judged_at")}
    return Wave(
        team=row.team_id, site=row.site_id, site_key=key, site_name=site, first=row.first_at, last=row.last_at,
        verdict=cast(Verdict | None, row.verdict), judged_by=by, **values,
    )  # fmt: skip
