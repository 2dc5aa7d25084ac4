"""A response as plain values, before and after it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from collector.responses.attributes import Attribute
from collector.responses.suspicion import Suspicion
from collector.scales import SCALES, Place

#: A band's place on its scale -> the colour it has on pages, which is named after NPS.
_TONES: dict[Place, str] = {"low": "detractor", "middle": "passive", "high": "promoter"}


class NewResponse(Struct, frozen=True):
    """What is written for one submission. `digest` is the SHA-256 of the submission's content, `configuration` the
    version of the settings that decided about it; `partial` says that it was not finished, `suspect` why it is hardly a
    person's."""

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
    attributes: Mapping[str, Attribute]
    partial: bool
    suspect: Suspicion | None
    received_at: datetime

    @property
    def key(self) -> tuple[int, bytes]:
        """What is unique about it, in the order in which databases sort it."""
        return self.site, self.submission.bytes


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as it is now, for whoever shows or amends it. `revision` counts its changes; `set_aside_at` says since when
    the team does not count it."""

    team: int
    site: int
    survey: int
    submission: UUID
    scale: str
    score: int
    segment: str
    category: str | None
    comment: str
    page: str | None
    language: str
    attributes: Mapping[str, Attribute]
    partial: bool
    suspect: str | None
    received_at: datetime
    set_aside_at: datetime | None
    revision: int

    @property
    def tone(self) -> str:
        """The colour of the score."""
        return _TONES[SCALES[self.scale].band(self.score).place]


@dataclass(frozen=True, slots=True)
class AmendedResponse:
    """What a response says from now on."""

    score: int
    segment: str
    category: str | None
    comment: str
    language: str
    configuration: str
    attributes: Mapping[str, Attribute]
    partial: bool
    suspect: Suspicion | None
