"""A contact as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: How a consent was given: by the person in the form, or to the site, which signed the address.
How = Literal["form", "site"]
#: Why an address must not be written to.
Reason = Literal["unsubscribed", "bounced", "complained", "erased", "team"]

REASONS: dict[Reason, str] = {
    "unsubscribed": "The person said stop.",
    "bounced": "The mailbox or the number does not exist.",
    "complained": "The person reported a message as unwanted.",
    "erased": "The person's data were erased.",
    "team": "Somebody in the team entered it.",
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address in normal form: `text` is what is written to, `canonical` what is compared."""

    channel: str
    text: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to: the sentence as it was shown, its version and language, when and how."""

    wording: str
    version: str
    language: str
    given_at: datetime
    how: How


@dataclass(frozen=True, slots=True)
class PastConsent:
    """What people were asked to agree to in one language, by channel, until others took its place at `ended_at`."""

    language: str
    version: str
    sentences: Mapping[str, str]
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Reachable:
    """One address of a contact with its consent, and why it must not be written to, if it must not."""

    contact: int
    channel: str
    address: str
    digest: bytes
    consent: Consent
    withdrawn_at: datetime | None
    suppressed: Reason | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a site. `person` is the site's own name for them, `zone` an IANA time zone if it is known. They want to hear
    nothing before `not_before`, and be asked on no other channel than `only`."""

    id: int
    team: int
    site: int
    person: str | None
    zone: str | None
    language: str
    addresses: tuple[Reachable, ...]
    not_before: datetime | None = None
    only: str | None = None
