"""Writes for finding waves and judging them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from collector.accounts.queries import colleagues
from collector.db.bulk import BulkInsert
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry
from collector.responses.models import ResponseRow
from collector.waves.models import HourRow, PrintRow, WatchRow, WaveRow
from collector.waves.queries import of_wave, wave_numbered
from collector.waves.unusual import PAST, Stretch, Usual
from collector.waves.watch import Seen, Watch
from collector.waves.wave import Verdict
from collector.web.guards import Role

#: Responses that are compared, each with its print.
Prints = Sequence[tuple[Seen, bytes]]

#: The order that tells one member of a wave.
ORDER = "wave.tell"
#: What comes within this time after a wave belongs to it.
_JOINS = timedelta(hours=1)

_PRINTS = BulkInsert(PrintRow, ["site_id", "print", "team_id", "submission_id"], unique=("site_id", "print"))
_WATCH = BulkInsert(
    WatchRow, ["site_id", "team_id", "at", "number", "since", "key", "key_made_at"], unique=("site_id",)
)


def take(tx: Session, before: Watch, after: Watch, seen: Sequence[Seen], prints: Prints) -> bool:
    """Counts the responses that were looked at, marks the copies among those that have a print, and writes down how far that
    went. `False`, and nothing is written, when another worker has been there since `before`."""
    if not _moved_on(tx, before, after):
        return False
    copies = _mark_copies(tx, after, prints)
    counts = Counter(
        (one.at.replace(minute=0, second=0, microsecond=0), "copy" if one.number in copies else one.kind)
        for one in seen
    )
    for (hour, kind), number in counts.items():
        row = tx.get(HourRow, (after.site, hour, kind))
        if row is None:
            tx.add(HourRow(site_id=after.site, at=hour, kind=kind, team_id=after.team, number=number))
        else:
            row.number += number
    tx.flush()
    tx.execute(delete(HourRow).where(HourRow.site_id == after.site, HourRow.at < after.at - PAST - _JOINS * 2))
    return True


def forget_prints(tx: Session, made_before: datetime) -> None:
    """Deletes the prints that were made with keys of before a moment, and these keys."""
    old = (WatchRow.key != "") & (WatchRow.key_made_at < made_before)
    sites = tx.scalars(
        update(WatchRow)
        .where(old)
        .values(key="")
        .returning(WatchRow.site_id)
        .execution_options(synchronize_session=False)
    ).all()
    tx.execute(delete(PrintRow).where(PrintRow.site_id.in_(sites)))


def keep(tx: Session, watch: Watch, kind: str, run: Stretch, known: Usual, now: datetime) -> bool:
    """Writes down a wave, and has the team's owners and editors told; `False` when it was known, and now reaches as far as the
    run. One that is all right stays so; what comes after one that was set aside is another."""
    # One at a time for a site, or two workers would each find a new wave.
    tx.execute(select(WatchRow.site_id).where(WatchRow.site_id == watch.site).with_for_update())
    row = tx.scalars(
        select(WaveRow)
        .where(WaveRow.site_id == watch.site, WaveRow.kind == kind, WaveRow.last_at >= run.first - _JOINS)
        .where(func.coalesce(WaveRow.verdict, "") != "aside")
        .order_by(WaveRow.last_at.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    is_new = row is None
    if row is None:
        row = WaveRow(
            team_id=watch.team, site_id=watch.site, kind=kind, first_at=run.first, last_at=run.last, number=run.number,
            hourly=known.hourly,
        )  # fmt: skip
        tx.add(row)
    row.first_at, row.last_at = min(row.first_at, run.first), max(row.last_at, run.last)
    tx.flush()
    wave = wave_numbered(tx, watch.team, row.id)
    if wave is not None:
        row.number = tx.scalar(select(func.count()).select_from(of_wave(wave).subquery())) or run.number
        tx.flush()
    if is_new:
        _tell(tx, watch.team, row.id, now)
    return is_new


def judge(
    tx: Session, team: int, wave: int, was: Verdict | None, verdict: Verdict | None, member: int, now: datetime
) -> bool:
    """Writes down what the team says of a wave; `None` opens it again. `False` when somebody else has said something since it
    was looked at."""
    same = WaveRow.verdict.is_(None) if was is None else WaveRow.verdict == was
    judged = (
        update(WaveRow)
        .where(WaveRow.id == wave, WaveRow.team_id == team, same)
        .values(verdict=verdict, judged_by=member, judged_at=now)
        .returning(WaveRow.id)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(judged).first() is not None


def _moved_on(tx: Session, before: Watch, after: Watch) -> bool:
    values = {"at": after.at, "number": after.number, "key": after.key, "key_made_at": after.key_made_at}
    if before.is_new:
        row = (after.site, after.team, after.at, after.number, after.since, after.key, after.key_made_at)
        return _WATCH.run(tx, [row])() == 1
    moved = (
        update(WatchRow)
        .where(WatchRow.site_id == before.site, WatchRow.at == before.at, WatchRow.number == before.number)
        .values(**values)
        .returning(WatchRow.site_id)
        .execution_options(synchronize_session=False)
    )
    return tx.execute(moved).first() is not None


def _mark_copies(tx: Session, watch: Watch, prints: Prints) -> frozenset[int]:
    """Marks those of which another said the same before, and returns their numbers."""
    _PRINTS.run(tx, [(watch.site, found, watch.team, one.submission) for one, found in prints])()
    first = dict(
        tx.execute(
            select(PrintRow.print, PrintRow.submission_id).where(
                PrintRow.site_id == watch.site, PrintRow.print.in_({found for _, found in prints})
            )
        ).all()
    )
    copies = frozenset(one.number for one, found in prints if first[found] != one.submission)
    if copies:
        tx.execute(
            update(ResponseRow)
            .where(ResponseRow.team_id == watch.team, ResponseRow.id.in_(copies), ResponseRow.suspect.is_(None))
            .values(suspect="copy")
            .execution_options(synchronize_session=False)
        )
    return copies


def _tell(tx: Session, team: int, wave: int, now: datetime) -> None:
    whom = [one.id for one in colleagues(tx, team) if one.role >= Role.editor]
    payloads = [{"team": team, "wave": wave, "member": member} for member in whom]
    put(tx, [NewEntry(ORDER, payload, now, key=f"wave:{wave}:{payload['member']}") for payload in payloads])
