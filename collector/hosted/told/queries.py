"""Reads for whoever holds a response's token."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.followups.follow_up import OfferedFollowUp
from collector.followups.queries import follow_up_of
from collector.intake.queries import snapshot_numbered
from collector.intake.snapshot import Snapshot
from collector.responses.queries import stored_response
from collector.responses.response import StoredResponse
from collector.responses.token import response_of


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said, what was asked and answered, and the site's configuration as it is now."""

    response: StoredResponse
    follow_up: OfferedFollowUp | None
    snapshot: Snapshot


def told(tx: Session, token: str, token_key: bytes) -> Told | None:
    """What `token` gives a right to see; `None` for a wrong one and for what was erased."""
    place = response_of(token_key, token)
    response = stored_response(tx, *place) if place else None
    snapshot = snapshot_numbered(tx, response.site, token_key) if response else None
    if response is None or snapshot is None:
        return None
    return Told(response, follow_up_of(tx, response.site, response.submission), snapshot)
