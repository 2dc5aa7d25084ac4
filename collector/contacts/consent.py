"""What a person agrees to, and what that allows."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

from collector.contacts.contact import REASONS, Reachable

#: Said of a consent that the site vouches for with its signature.
GIVEN_TO_SITE = "Given to the site, which signed the address."

#: For how long a sentence may still be agreed to after another took its place: pages stay open, and browsers keep scripts.
STANDS_FOR = timedelta(days=1)


def sentences(words: Mapping[str, str], site: str, own: Mapping[str, str] = {}) -> dict[str, str]:
    """What a person would agree to, by channel: in the `own` words of the site's owner where there are some, else in ours.
    `words` are a language's words for asking; `site` is the site's name."""
    said = {channel: own.get(channel) or words[f"consent_{channel}"] for channel in ("email", "sms")}
    return {channel: sentence.replace("{site}", site) for channel, sentence in said.items()}


def version_of(shown: Mapping[str, str]) -> str:
    """The version of these sentences: 12 signs of their SHA-256. Another word, another version."""
    return hashlib.sha256("\n".join(f"{channel}: {shown[channel]}" for channel in sorted(shown)).encode()).hexdigest()[
        :12
    ]


def refusal(addresses: Sequence[Reachable], channel: str, only: str | None = None) -> str | None:
    """Why nobody may write to this person on `channel`, in a sentence; `None` when somebody may. `only` is the one channel on
    which they want to be asked."""
    found = next((address for address in addresses if address.channel == channel), None)
    if found is None:
        return f"There is no address for {channel}."
    if found.suppressed is not None:
        return (
            f"The address must not be written to: {REASONS[found.suppressed][0].lower()}{REASONS[found.suppressed][1:]}"
        )
    if found.withdrawn_at is not None:
        return f"The consent for {channel} was withdrawn."
    if only not in (None, channel):
        return f"The person wants to be asked by {only} only."
    return None
