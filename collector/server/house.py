"""What all connections share."""

from dataclasses import dataclass

from uvicorn.server import ServerState

from collector.config import Settings
from collector.server.lane import Lane

#: Requests that may be with Flask, or wait for it, for each of its threads.
_FOR_EACH_THREAD = 16


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds after which a connection is ended: on which nothing arrives; on which a request began and is not there as a
    whole; whose reader takes nothing of an answer."""

    idle: float = 10
    whole: float = 30
    stalled: float = 30


@dataclass(slots=True)
class House:
    """Where a connection finds what it needs, and whether there is room for another request."""

    settings: Settings
    lane: Lane
    state: ServerState
    patience: Patience

    @property
    def is_full(self) -> bool:
        """Whether as many requests are with Flask as it may have."""
        return len(self.state.tasks) >= self.settings.threads * _FOR_EACH_THREAD
