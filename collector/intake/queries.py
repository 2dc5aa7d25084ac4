"""Reads for the front door."""

from sqlalchemy.orm import Session

from collector.followups.queries import follow_up_of
from collector.followups.token import make_token
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, OfferedQuestion, Receipt, digest_of
from collector.problems import SubmissionConflict
from collector.responses.queries import stored_digest
from collector.sites.queries import site_by_key
from collector.surveys.queries import surveys_of


def load_snapshot(tx: Session, key: str, token_key: bytes) -> Snapshot | None:
    """The configuration of the site with this public key, as it is now."""
    site = site_by_key(tx, key)
    return Snapshot(site, surveys_of(tx, site.id), token_key) if site else None


def earlier_receipt(tx: Session, content: Content, snapshot: Snapshot) -> Receipt | None:
    """The receipt that this submission was given when it was stored, or `None` when it never was.

    Raises `SubmissionConflict` when the id was used for another content. The question is read as it was shown then, so
    that the receipt is the same even after the survey was changed or closed."""
    stored = stored_digest(tx, snapshot.site.id, content.id)
    if stored is None:
        return None
    if stored != digest_of(content):
        raise SubmissionConflict()
    found = follow_up_of(tx, snapshot.site.id, content.id)
    if found is None:
        return Receipt(content.id, None)
    question = OfferedQuestion(
        make_token(snapshot.token_key, snapshot.site.id, content.id), found.text, found.kind, found.areas
    )
    return Receipt(content.id, question)
