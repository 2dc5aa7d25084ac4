"""What the worker does about letters with a link. A letter whose sender stops before that is written down is sent again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from collector.accounts.door.actions import RESET_LASTS, make_reset
from collector.accounts.people.link import invitation_path
from collector.accounts.people.queries import open_invitation
from collector.accounts.queries import credentials
from collector.db import Database
from collector.notices.access.letters import LinkLetter, invitation, new_password
from collector.notices.jobs import NotTold
from collector.notices.letter import compose_link
from collector.reaching.outward import Outward
from collector.signing import secret


def send_invitation(
    database: Database, outward: Outward, payload: Mapping[str, object], now: datetime
) -> datetime | None:
    """Sends an invitation that is still open. Raises `NotTold` when the mail server did not take it yet."""
    team, nonce = int(str(payload["team"])), UUID(str(payload["nonce"]))
    with database.reading() as tx:
        found = open_invitation(tx, team, nonce, now)
    if found is not None:
        link = f"{outward.root}{invitation_path(outward.key, team, nonce)}"
        letter = invitation(found.team_name, found.role.name, found.expires_at, link)
        _send(outward, letter, found.email, nonce.bytes)
    return None


def send_reset(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Sends a link for a new password to the member with an address, if there is one who may sign in. Each try has a link of
    its own and ends the one before; an hour after it was asked for, nobody waits for it any more. Raises `NotTold` as above."""
    email, asked_at = str(payload["email"]), datetime.fromisoformat(str(payload["asked_at"]))
    with database.reading() as tx:
        known = credentials(tx, email)
    if known is None or not known.teams or "email" not in outward.providers or now > asked_at + RESET_LASTS:
        return None
    with database.writing() as tx:
        token = make_reset(tx, known.member, now)
    letter = new_password(int(RESET_LASTS.total_seconds() // 60), f"{outward.root}/reset/{token}")
    _send(outward, letter, email, token.encode())
    return None


def _send(outward: Outward, letter: LinkLetter, recipient: str, about: bytes) -> None:
    provider = outward.providers.get("email")
    if provider is None:
        return
    # Nobody can guess it, and a second letter about the same link has the same.
    name = secret(outward.key, "link letter", about).hex()
    if provider.send(compose_link(letter, outward.sender, recipient, name), recipient).state == "deferred":
        raise NotTold
