"""What the worker does about notices."""

import json
from collections.abc import Mapping
from datetime import datetime

from collector.channels.delivery import Outcome
from collector.db import Database
from collector.notices.actions import Ready, begin, forget, settle
from collector.notices.letter import compose_notice
from collector.notices.outcome import Result, of_answer, of_letter
from collector.notices.signature import signed_headers, signing_secret
from collector.notices.ways import BODIES
from collector.reaching.outward import Outward
from collector.signing import every

#: Messages that are forgotten in one transaction.
_AT_ONCE = 500


class NotTold(Exception):
    """A message did not go out; the outbox tries again, and parks it in the end."""


def tell(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Sends one message, at least once and under one name. Returns when to look again if an earlier one is still on its way.

    Raises `NotTold` when it is to be tried again. If this ends before the second transaction, it is sent again."""
    number = int(str(payload["message"]))
    with database.writing() as tx:
        begun = begin(tx, number, outward.key, outward.root, now)
    if not isinstance(begun, Ready):
        return begun
    result = _send(outward, begun, now)
    with database.writing() as tx:
        again = settle(tx, number, result, now)
    if again:
        raise NotTold
    return None


def forget_messages(database: Database, now: datetime) -> int:
    """Deletes what was told longer ago than a response can be amended, and returns how many messages that were."""
    count = 0
    while True:
        with database.writing() as tx:
            gone = forget(tx, now, _AT_ONCE)
        count += gone
        if gone < _AT_ONCE:
            return count


def _send(outward: Outward, ready: Ready, now: datetime) -> Result:
    wanted = ready.rule.wanted
    if wanted.way == "email" and ready.recipient is not None:
        provider = outward.providers.get("email")
        if provider is None:
            return Result("refused", "nobody")
        outcome: Outcome = provider.send(
            compose_notice(ready.notice, outward.sender, ready.recipient, f"{outward.root}/team/notices"),
            ready.recipient,
        )
        return of_letter(outcome)
    if wanted.address is None:
        return Result("again", "hidden")
    message = BODIES[wanted.way](ready.notice)
    if wanted.way == "webhook":
        message = {"timestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"), **message}
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if wanted.way == "webhook":
        signing = [signing_secret(one, ready.rule.id, wanted.address) for one in every(outward.key)]
        headers |= signed_headers(signing, ready.notice.name, int(now.timestamp()), body)
    return of_answer(outward.calls.post(wanted.address, body, headers))
