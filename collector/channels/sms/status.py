"""What a provider reports of a message after it took it, and what that changes. Reports come late, twice and out of order."""

from dataclasses import dataclass

from collector.channels.delivery import State


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of a message: its word for where it is, an error's code if there is one, and its name for it."""

    word: str
    code: int | None
    sid: str

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.word, self.code, self.sid) if part is not None)


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
#: A message only goes on: a report changes what stands in an earlier row than what it leads to.
_RANK: dict[State, int] = {"deferred": 0, "sending": 1, "uncertain": 1, "sent": 2, "undeliverable": 3, "delivered": 4}


@dataclass(frozen=True, slots=True)
class Step:
    """The state that a report leads to, and those that it may lead there from."""

    to: State
    since: tuple[State, ...]


def step(word: str) -> Step | None:
    """What a provider's word changes; `None` when it says nothing new."""
    to = _REPORTED.get(word)
    return Step(to, tuple(state for state in _RANK if _RANK[state] < _RANK[to])) if to is not None else None
