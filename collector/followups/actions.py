"""Writes to follow-ups, with the facts that belong to them."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.db.bulk import Bulk, BulkInsert
from collector.events import FollowUpAnswered, FollowUpCorrected, FollowUpExpired, FollowUpWithdrawn
from collector.followups.follow_up import Answer, NewFollowUp, OfferedFollowUp
from collector.followups.models import FollowUpRow, UncountedRow
from collector.followups.queries import answers_to, follow_up_by_token
from collector.followups.state import FINAL, State, answering
from collector.followups.uncounted import MOST_UNCOUNTED, UNCONFIRMED, Why
from collector.outbox.actions import put
from collector.outbox.entry import fact_entries
from collector.problems import Fault, FollowUpNotFound, Unavailable, ValidationFailed
from collector.responses.anonymous import day_of

#: Someone else may change the row between our look and our write; looking again this often is enough for people.
_LOOKS = 5

#: Column, and where its value stands in a `NewFollowUp`.
_COLUMNS = {
    "team_id": "team",
    "site_id": "site",
    "submission_id": "submission",
    "fingerprint": "fingerprint",
    "channel": "channel",
    "pack": "pack",
    "question": "question",
    "language": "language",
    "kind": "kind",
    "text": "text",
    "areas": "areas",
    "variant": "variant",
    "probability": "probability",
    "why": "why",
    "offered_at": "offered_at",
    "expires_at": "expires_at",
}
#: How every follow-up begins.
_BEGINNING: dict[str, object] = {"state": "offered", "answer_text": "", "answer_areas": (), "revision": 0}
_OFFER = BulkInsert(FollowUpRow, [*_COLUMNS, *_BEGINNING], unique=("site_id", "submission_id"))
_values = attrgetter(*_COLUMNS.values())


#: A follow-up to a response that was erased: nothing of what was asked or answered is left, and its token finds nothing.
_WIPED: dict[str, object] = {
    "fingerprint": bytes(32),
    "pack": "",
    "question": "",
    "language": "",
    "kind": "",
    "text": "",
    "areas": [],
    "why": "",
    "answer_text": "",
    "answer_areas": [],
}


#: What is left of an answer that was taken back.
_UNANSWERED: dict[str, object] = {
    "answer_text": "",
    "answer_areas": [],
    "answered_at": None,
    "corrected_at": None,
    "answered_by": None,
}


def offer(tx: Bulk | Session, follow_ups: Sequence[NewFollowUp]) -> None:
    """Writes offered follow-ups for stored responses; a response has one at most."""
    _OFFER.run(tx, [(*_values(new), *_BEGINNING.values()) for new in follow_ups])


def record_answer(tx: Session, token: str, answer: Answer, now: datetime, channel: str = "widget") -> OfferedFollowUp:
    """Stores an answer that came by `channel`: the first one, or a correction of one given before, which counts no more; a
    repeat changes nothing. What waited to be confirmed and says the same waits no longer.

    Raises `FollowUpNotFound`, `FollowUpExpired`, `AnswerFinal`, or `ValidationFailed` for areas that were not offered.
    The holder of the token is taken at their word: the last thing a person says wins."""
    for _ in range(_LOOKS):
        found = follow_up_by_token(tx, token)
        if found is None:
            raise FollowUpNotFound()
        fitted = _fitted(found, answer)
        same = (found.answer_areas, found.answer_text) == (fitted.areas, fitted.text)
        step = answering(found.state, found.expires_at, found.answered_at, same, now)
        if step == "repeat":
            return found
        when = {"answered_at": now} if step == "answer" else {"corrected_at": now}
        if not _change(
            tx,
            found,
            state="answered",
            answer_text=fitted.text,
            answer_areas=list(fitted.areas),
            answered_by=channel,
            **when,
        ):
            continue
        if step == "correct":
            _keep(tx, found, Answer(found.answer_areas, found.answer_text), "replaced", now)
        _let_go(tx, found, fitted)
        fact = FollowUpAnswered if step == "answer" else FollowUpCorrected
        put(tx, fact_entries([fact(found.team, found.site, str(found.submission))], now))
        stored = follow_up_by_token(tx, token)
        assert stored is not None
        return stored
    raise Unavailable()


def keep_unconfirmed(tx: Session, found: OfferedFollowUp, answer: Answer, why: Why, now: datetime) -> None:
    """Keeps an answer that does not count until it is confirmed. The same one again is kept once. Raises `ValidationFailed`
    for areas that were not offered."""
    fitted = _fitted(found, answer)
    _let_go(tx, found, fitted)
    _keep(tx, found, fitted, why, now)


def _change(tx: Session, found: OfferedFollowUp, **values: object) -> bool:
    """Writes values into a follow-up that is as it was found; `False` when somebody else changed it since."""
    changed = tx.execute(
        update(FollowUpRow)
        .where(
            FollowUpRow.site_id == found.site,
            FollowUpRow.submission_id == found.submission,
            FollowUpRow.revision == found.revision,
        )
        .values(revision=found.revision + 1, **values)
        .returning(FollowUpRow.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def _keep(tx: Session, found: OfferedFollowUp, answer: Answer, why: Why, now: datetime) -> None:
    row = UncountedRow(team_id=found.team, site_id=found.site, submission_id=found.submission, why=why, made_at=now)
    row.areas, row.text = list(answer.areas), answer.text
    tx.add(row)
    tx.flush()
    kept = select(UncountedRow.id).where(*answers_to(found.site, found.submission)).order_by(UncountedRow.id.desc())
    tx.execute(delete(UncountedRow).where(UncountedRow.id.in_(kept.offset(MOST_UNCOUNTED).scalar_subquery())))


def _let_go(tx: Session, found: OfferedFollowUp, answer: Answer) -> None:
    ours = (
        *answers_to(found.site, found.submission),
        UncountedRow.why.in_(UNCONFIRMED),
        UncountedRow.text == answer.text,
    )
    for row in tx.scalars(select(UncountedRow).where(*ours)):
        if row.areas == list(answer.areas):
            tx.delete(row)
    tx.flush()


def withdraw(tx: Session, found: OfferedFollowUp, now: datetime) -> bool:
    """Takes an answer back: it is wiped with all that do not count, and the question is asked no more. `False` when there is
    none, or somebody else changed it since."""
    if found.state != "answered" or not _change(tx, found, state="cancelled", reason="withdrawn", **_UNANSWERED):
        return False
    tx.execute(delete(UncountedRow).where(*answers_to(found.site, found.submission)))
    put(tx, fact_entries([FollowUpWithdrawn(found.team, found.site, str(found.submission))], now))
    return True


def erase(tx: Session, site: int, submission: UUID) -> None:
    """Cancels the follow-up to a submission, if there is one, and wipes what it asked and what was answered."""
    tx.execute(delete(UncountedRow).where(*answers_to(site, submission)))
    tx.execute(
        update(FollowUpRow)
        .where(FollowUpRow.site_id == site, FollowUpRow.submission_id == submission)
        .values(state="cancelled", reason="erased", revision=FollowUpRow.revision + 1, **_WIPED)
        .execution_options(synchronize_session=False)
    )


def anonymise(tx: Session, site: int, submission: UUID) -> None:
    """Takes away what was answered in words to the follow-up to a submission, and why it was asked, which may tell of the
    comment. What was asked and which areas were tapped stay; nobody can answer any more."""
    at = (FollowUpRow.site_id == site, FollowUpRow.submission_id == submission)
    tx.execute(delete(UncountedRow).where(UncountedRow.site_id == site, UncountedRow.submission_id == submission))
    row = tx.scalars(select(FollowUpRow).where(*at).with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        return
    left: dict[str, object] = {name: at and day_of(at) for name, at in _moments(row).items()}
    if row.state not in FINAL:
        left |= {"state": "cancelled", "reason": "anonymised"}
    tx.execute(
        update(FollowUpRow)
        .where(*at)
        .values(revision=FollowUpRow.revision + 1, fingerprint=bytes(32), why="", answer_text="", **left)
        .execution_options(synchronize_session=False)
    )


def _moments(row: FollowUpRow) -> dict[str, datetime | None]:
    # A question that is over is answered and corrected no more, whatever its state.
    return {
        "offered_at": row.offered_at,
        "expires_at": row.offered_at,
        "answered_at": row.answered_at,
        "corrected_at": row.corrected_at,
    }


def expire(tx: Session, now: datetime, limit: int) -> int:
    """Ends up to `limit` follow-ups whose time is over unanswered, and returns how many. Of two that do this at once, each
    takes others."""
    over = (
        select(FollowUpRow.id)
        .where(FollowUpRow.state == "offered", FollowUpRow.expires_at <= now)
        .order_by(FollowUpRow.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = tx.execute(
        update(FollowUpRow)
        .where(FollowUpRow.id.in_(over.scalar_subquery()), FollowUpRow.state == "offered")
        .values(state="expired", revision=FollowUpRow.revision + 1)
        .returning(FollowUpRow.team_id, FollowUpRow.site_id, FollowUpRow.submission_id)
        .execution_options(synchronize_session=False)
    ).all()
    put(tx, fact_entries([FollowUpExpired(team, site, str(submission)) for team, site, submission in ended], now))
    return len(ended)


def move(tx: Session, site: int, submission: UUID, state: State, now: datetime) -> None:
    """Writes where an open follow-up stands on its way to the person; one that is answered or ended stays as it is."""
    moved = tx.execute(
        update(FollowUpRow)
        .where(
            FollowUpRow.site_id == site,
            FollowUpRow.submission_id == submission,
            FollowUpRow.state.not_in([*FINAL, state]),
        )
        .values(state=state, revision=FollowUpRow.revision + 1)
        .returning(FollowUpRow.team_id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is not None and state == "expired":
        put(tx, fact_entries([FollowUpExpired(moved.team_id, site, str(submission))], now))


def _fitted(found: OfferedFollowUp, answer: Answer) -> Answer:
    offered = [key for key, _ in found.areas]
    faults = [
        Fault("This area was not offered.", pointer=f"/areas/{place}")
        for place, key in enumerate(answer.areas)
        if key not in offered
    ]
    if faults:
        raise ValidationFailed(faults=faults)
    return Answer(areas=tuple(key for key in offered if key in answer.areas), text=answer.text)
