"""What a provider reports of a message after it took it, and what that changes. Reports come late, twice and out of order."""

from collector.channels.delivery import State

#: The provider's words for where a message is. Those that say nothing new are missing.
_REPORTED: dict[str, State] = {
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undeliverable",
    "failed": "undeliverable",
}
#: A message only goes on: what stands in a later row is never changed by what leads to an earlier one.
_RANK: dict[State, int] = {"deferred": 0, "sending": 1, "uncertain": 1, "sent": 2, "undeliverable": 3, "delivered": 4}


def step(state: State, reported: str) -> State | None:
    """The state that a report leads to; `None` when it changes nothing."""
    to = _REPORTED.get(reported)
    return to if to is not None and _RANK[to] > _RANK[state] else None
