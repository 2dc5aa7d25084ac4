"""The story of submissions, from what was decided to what is kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from collector.channels.actions import part
from collector.contacts.actions import forget_response, keep_person
from collector.contacts.address import signed_addresses
from collector.contacts.consent import GIVEN_TO_SITE
from collector.contacts.contact import Consent
from collector.contacts.identity import Doubt, doubt
from collector.contacts.queries import contact_of, identity_secret
from collector.db.bulk import Bulk
from collector.events import ResponseAmended, ResponseAnonymised, ResponseErased, ResponseRecorded
from collector.followups import actions as followups
from collector.followups.actions import offer
from collector.intake.amend import amend
from collector.intake.models import SpentProofRow
from collector.intake.proof import Proof
from collector.intake.queries import shown_question, snapshot_numbered
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Receipt, Rows, Said, Submission
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry, fact_entries
from collector.problems import ResponseNotFound, Unavailable
from collector.reaching.actions import forget_plan, order_plan
from collector.responses import actions as responses
from collector.responses.actions import record
from collector.responses.queries import stored_response
from collector.responses.response import NewResponse
from collector.responses.token import response_of
from collector.signing import every

#: Somebody else may change the row between our look and our write; looking again this often is enough for people.
_LOOKS = 5


def store(tx: Bulk, batch: Sequence[Rows]) -> list[bool]:
    """Writes the rows of several submissions and says of each whether it is new. One that was stored before, or stands
    twice in the batch, writes nothing the second time: no follow-up, no order, no fact."""
    # Two processes that write overlapping groups wait for each other's keys; in one order, they never do so crosswise.
    places = sorted(range(len(batch)), key=lambda place: batch[place].response.key)
    ordered = [batch[place] for place in places]
    with tx.together():
        written = record(tx, [rows.response for rows in ordered])
        _complete(tx, ordered)
    if written() == len(ordered):
        return [True] * len(ordered)
    # The database says how many were new, not which; asked one by one, it says which.
    tx.start_over()
    new = [record(tx, [rows.response])() == 1 for rows in ordered]
    with tx.together():
        _complete(tx, [rows for rows, is_new in zip(ordered, new, strict=True) if is_new])
    return [is_new for _, is_new in sorted(zip(places, new, strict=True))]


def keep_identity(tx: Session, submission: Submission, snapshot: Snapshot) -> Doubt | None:
    """Keeps whom the site says its visitor is, for a submission that is stored. An identity that is not believed is not
    kept; what is returned says why. An address that is none is left out. To a response that was erased or made anonymous
    since, whose repeat this is, nobody is added."""
    content, site, now = submission.content, snapshot.site, submission.received_at
    identity = content.identity
    if identity is None:
        return None
    known = [identity_secret(tx, site.id, one) for one in every(snapshot.token_key)]
    found = doubt(identity, site.key, known, now)
    if found is not None or stored_response(tx, site.id, content.id) is None:
        return found
    language = content.language or site.language
    consent = Consent(GIVEN_TO_SITE, "signed", "en", now, "site")
    consents = dict.fromkeys(signed_addresses(identity), consent)
    keep_person(tx, site, content.id, identity.id, consents, language, now)
    if consents:
        order_plan(tx, site, content.id, now)
    return None


def _complete(tx: Bulk, batch: Sequence[Rows]) -> None:
    """Writes what belongs to responses beside themselves."""
    offer(tx, [rows.follow_up for rows in batch if rows.follow_up is not None])
    put(tx, _facts([rows.response for rows in batch]))


def amend_response(tx: Session, token: str, said: Said, token_key: bytes, now: datetime) -> Receipt:
    """Changes the response that `token` gives a right to, offers the question if it is due now, and returns the receipt. The
    same words again change nothing and get the same receipt; of two that come at once, the later one counts.

    Raises `ResponseNotFound`, `ResponseFinal`, or `ValidationFailed` with a pointer for each fault."""
    place = response_of(token_key, token)
    snapshot = snapshot_numbered(tx, place[0], token_key) if place else None
    if place is None or snapshot is None:
        raise ResponseNotFound()
    for _ in range(_LOOKS):
        stored = stored_response(tx, *place)
        if stored is None:
            raise ResponseNotFound()
        question = shown_question(tx, snapshot, stored.submission)
        amendment = amend(said, stored, question is not None, snapshot, now)
        if amendment is None:
            return Receipt(stored.submission, token, question)
        if not responses.amend(tx, stored, amendment.response, now):
            continue
        if amendment.follow_up is not None:
            offer(tx, [amendment.follow_up])
            if contact_of(tx, *place) is not None:
                order_plan(tx, snapshot.site, stored.submission, now)
        fact = ResponseAmended(stored.team, stored.site, str(stored.submission), amendment.response.segment)
        put(tx, fact_entries([fact], now))
        return Receipt(stored.submission, token, question or amendment.question)
    raise Unavailable()


def erase_response(tx: Session, token: str, token_key: bytes, now: datetime) -> None:
    """Erases the response that `token` gives a right to, with its follow-up and the answer. Raises `ResponseNotFound`, also
    when it was erased before."""
    place = response_of(token_key, token)
    if place is None or not erase_submission(tx, *place, now):
        raise ResponseNotFound()


def erase_submission(tx: Session, site: int, submission: UUID, now: datetime) -> bool:
    """Erases the response to a submission, with its follow-up and the answer. `False` when there is nothing to erase."""
    team = responses.erase(tx, site, submission, now)
    if team is None:
        return False
    followups.erase(tx, site, submission)
    forget_response(tx, site, submission)
    put(tx, fact_entries([ResponseErased(team, site, str(submission))], now))
    return True


def anonymise_submission(tx: Session, site: int, submission: UUID, now: datetime) -> bool:
    """Takes away what points to the person behind a response: words, answers, addresses, and what else leads to them. `False`
    when there is nothing to take away."""
    team = responses.anonymise(tx, site, submission, now)
    if team is None:
        return False
    followups.anonymise(tx, site, submission)
    forget_plan(tx, site, submission)
    part(tx, site, submission, now)
    forget_response(tx, site, submission, known=True)
    put(tx, fact_entries([ResponseAnonymised(team, site, str(submission))], now))
    return True


def spend(tx: Session, proof: Proof) -> bool:
    """Uses a proof of work up. `False` when it was used before, here or on another node."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(SpentProofRow).values(fingerprint=proof.fingerprint, expires_at=proof.expires_at)
    return tx.execute(statement.on_conflict_do_nothing().returning(SpentProofRow.fingerprint)).first() is not None


def forget_proofs(tx: Session, now: datetime) -> int:
    """Deletes proofs of work that are over, and returns how many."""
    gone = delete(SpentProofRow).where(SpentProofRow.expires_at <= now).returning(SpentProofRow.fingerprint)
    return len(tx.execute(gone).all())


def _facts(new: Sequence[NewResponse]) -> list[NewEntry]:
    facts = [ResponseRecorded(one.team, one.site, str(one.submission), one.segment) for one in new]
    return fact_entries(facts, max(one.received_at for one in new)) if new else []
