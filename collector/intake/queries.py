"""Reads for the front door."""

from uuid import UUID

from sqlalchemy.orm import Session

from collector.followups.queries import follow_up_of
from collector.followups.token import token_of
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, OfferedQuestion, Receipt, digest_of
from collector.problems import SubmissionConflict
from collector.responses.queries import trace_of
from collector.responses.token import make_token
from collector.sites.queries import site_by_key, site_numbered
from collector.surveys.queries import surveys_of


def load_snapshot(tx: Session, key: str, token_key: bytes) -> Snapshot | None:
    """The configuration of the site with this public key, as it is now."""
    site = site_by_key(tx, key)
    return Snapshot(site, surveys_of(tx, site.id), token_key) if site else None


def snapshot_numbered(tx: Session, site: int, token_key: bytes) -> Snapshot | None:
    """The configuration of the site with this row number, as it is now."""
    found = site_numbered(tx, site)
    return Snapshot(found, surveys_of(tx, site), token_key) if found else None


def earlier_receipt(tx: Session, content: Content, snapshot: Snapshot) -> Receipt | None:
    """The receipt that this submission was given when it was stored, or `None` when it never was.

    Raises `SubmissionConflict` when the id was used for another content. The question is read as it was shown then, so
    that the receipt is the same even after the survey was changed or closed, or the response amended. One that was erased is
    received as it was, and stays erased."""
    site = snapshot.site.id
    trace = trace_of(tx, site, content.id)
    if trace is None:
        return None
    if not trace.is_erased and trace.digest != digest_of(content):
        raise SubmissionConflict()
    # Who had not finished was asked nothing then; what was asked on finishing stands on the receipt of the amendment.
    question = None if trace.is_erased or content.partial else shown_question(tx, snapshot, content.id)
    return Receipt(content.id, make_token(snapshot.token_key, site, content.id), question)


def shown_question(tx: Session, snapshot: Snapshot, submission: UUID) -> OfferedQuestion | None:
    """The follow-up question to a submission as it was shown."""
    found = follow_up_of(tx, snapshot.site.id, submission)
    if found is None:
        return None
    return OfferedQuestion(token_of(snapshot.token_key, found), found.text, found.kind, found.areas)
