"""A response as a plain value, before it is stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewResponse:
    """What is written for one submission. `digest` is the SHA-256 of the submission's content, `configuration` the
    version of the settings that decided about it."""

    team: int
    site: int
    survey: int
    submission: UUID
    digest: bytes
    scale: str
    score: int
    segment: str
    category: str | None
    comment: str
    page: str | None
    language: str
    configuration: str
    received_at: datetime

    @property
    def key(self) -> tuple[int, bytes]:
        """What is unique about it, in the order in which databases sort it."""
        return self.site, self.submission.bytes
