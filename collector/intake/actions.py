"""The story of submissions, from what was decided to what is kept."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from collector.contacts.actions import keep_person
from collector.contacts.address import signed_addresses
from collector.contacts.consent import GIVEN_TO_SITE
from collector.contacts.contact import Consent
from collector.contacts.identity import Doubt, doubt
from collector.contacts.queries import identity_secret
from collector.db.bulk import Bulk
from collector.events import ResponseRecorded
from collector.followups.actions import offer
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Rows, Submission
from collector.outbox.actions import put
from collector.outbox.entry import NewEntry, fact_entries
from collector.reaching.actions import order_plan
from collector.responses.actions import record
from collector.responses.response import NewResponse


def store(tx: Bulk, batch: Sequence[Rows]) -> list[bool]:
    """Writes the rows of several submissions and says of each whether it is new. One that was stored before, or stands
    twice in the batch, writes nothing the second time: no follow-up, no order, no fact."""
    # Two processes that write overlapping groups wait for each other's keys; in one order, they never do so crosswise.
    places = sorted(range(len(batch)), key=lambda place: batch[place].response.key)
    ordered = [batch[place] for place in places]
    new = _record_all(tx, ordered) or [record(tx, [rows.response]) == 1 for rows in ordered]
    written = [rows for rows, is_new in zip(ordered, new, strict=True) if is_new]
    with tx.together():
        offer(tx, [rows.follow_up for rows in written if rows.follow_up is not None])
        put(tx, _facts([rows.response for rows in written]))
    return [is_new for _, is_new in sorted(zip(places, new, strict=True))]


def keep_identity(tx: Session, submission: Submission, snapshot: Snapshot) -> Doubt | None:
    """Keeps whom the site says its visitor is, for a submission that is stored. An identity that is not believed is not
    kept; what is returned says why. An address that is none is left out."""
    content, site, now = submission.content, snapshot.site, submission.received_at
    identity = content.identity
    if identity is None:
        return None
    found = doubt(identity, site.key, identity_secret(tx, site.id, snapshot.token_key), now)
    if found is not None:
        return found
    language = content.language or site.language
    consent = Consent(GIVEN_TO_SITE, "signed", "en", now, "site")
    consents = dict.fromkeys(signed_addresses(identity), consent)
    keep_person(tx, site, content.id, identity.id, consents, language, now)
    if consents:
        order_plan(tx, site, content.id, now)
    return None


def _facts(new: Sequence[NewResponse]) -> list[NewEntry]:
    facts = [ResponseRecorded(one.team, one.site, str(one.submission), one.segment) for one in new]
    return fact_entries(facts, max(one.received_at for one in new)) if new else []


def _record_all(tx: Bulk, batch: Sequence[Rows]) -> list[bool] | None:
    """Writes all responses of the batch if all are new, else none. The database says how many were new, not which; asked
    one by one, it will say which."""
    if len(batch) == 1:
        return None
    with tx.attempt() as take_back:
        if record(tx, [rows.response for rows in batch]) == len(batch):
            return [True] * len(batch)
        take_back()
    return None
