"""What the worker does about letters with a link. Each goes out at most once; what became of it stands on the team's page."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from collector.accounts.door.actions import RESET_LASTS
from collector.accounts.letters.actions import begin_invitation, begin_reset, settle_invitation, settle_reset
from collector.accounts.people.link import invitation_path
from collector.channels.delivery import Outcome
from collector.db import Database
from collector.notices.access.letters import LinkLetter, invitation, new_password
from collector.notices.letter import compose_link
from collector.reaching.outward import Outward
from collector.signing import secret


def send_invitation(
    database: Database, outward: Outward, payload: Mapping[str, object], now: datetime
) -> datetime | None:
    """Sends an invitation that is still open, once. Returns when it is tried again, if the mail server did not take it yet."""
    team, nonce = int(str(payload["team"])), UUID(str(payload["nonce"]))
    with database.writing() as tx:
        begun = begin_invitation(tx, team, nonce, now)
    if begun is None:
        return None
    link = f"{outward.root}{invitation_path(outward.key, team, nonce)}"
    letter = invitation(begun.team_name, begun.role.name, begun.expires_at, link)
    outcome = hand_over(outward, letter, begun.email, nonce.bytes)
    with database.writing() as tx:
        return settle_invitation(tx, begun, outcome.state, outcome.reply, now)


def send_reset(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Sends a link for a new password to the member with an address, if there is one who may sign in, once. Each try has a link
    of its own and ends the one before; an hour after it was asked for, nobody waits for it any more. Returns as above."""
    email, asked_at = str(payload["email"]), datetime.fromisoformat(str(payload["asked_at"]))
    with database.writing() as tx:
        begun = begin_reset(tx, email, asked_at, now)
    if begun is None:
        return None
    letter = new_password(int(RESET_LASTS.total_seconds() // 60), f"{outward.root}/reset/{begun.token}")
    outcome = hand_over(outward, letter, email, begun.token.encode())
    with database.writing() as tx:
        return settle_reset(tx, begun, outcome.state, outcome.reply, now)


def hand_over(outward: Outward, letter: LinkLetter, recipient: str, about: bytes) -> Outcome:
    """Hands a letter over that is about this alone, where mail is sent."""
    provider = outward.providers.get("email")
    if provider is None:
        return Outcome("undeliverable", "nobody")
    # Nobody can guess it.
    name = secret(outward.key, "link letter", about).hex()
    return provider.send(compose_link(letter, outward.sender, recipient, name), recipient)
