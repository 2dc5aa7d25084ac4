"""What the worker does about digests."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from collector.db import Database
from collector.notices.digests.actions import order_due, welcome
from collector.notices.digests.queries import digest_for, looks_due
from collector.notices.jobs import NotTold
from collector.notices.letter import compose_digest
from collector.reaching.outward import Outward
from collector.signing import secret, token_for

#: Members in one transaction.
_AT_ONCE = 100


def order_digests(database: Database, now: datetime) -> int:
    """Orders the digests that are due, and returns how many."""
    with database.reading() as tx:
        is_idle = not looks_due(tx, now)
    if is_idle:
        return 0
    count = 0
    while True:
        with database.writing() as tx:
            welcomed, ordered = welcome(tx, now, _AT_ONCE), order_due(tx, now, _AT_ONCE)
        count += ordered
        if welcomed < _AT_ONCE and ordered < _AT_ONCE:
            return count


def send_digest(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Sends one member's digest, if there is anything to tell. Raises `NotTold` when the mail server did not take it yet."""
    member, team, due_at = int(str(payload["member"])), int(str(payload["team"])), str(payload["due"])
    provider = outward.providers.get("email")
    if provider is None:
        return None
    with database.reading() as tx:
        found = digest_for(tx, member, team, datetime.fromisoformat(due_at), outward.root)
    if found is None or not found[0].is_news:
        return None
    digest, recipient = found
    # Nobody can guess it, and a second letter made of the same order has the same.
    name = secret(outward.key, "digest letter", str(member).encode(), str(team).encode(), due_at.encode()).hex()
    stop_at = f"{outward.root}/digest/{token_for(outward.key, 'digest', team, UUID(int=member))}"
    letter = compose_digest(digest, outward.sender, recipient, name, stop_at, f"{outward.root}/you/notices")
    if provider.send(letter, recipient).state == "deferred":
        raise NotTold
    return None
