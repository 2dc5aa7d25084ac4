"""How often somebody may try to sign in: tries that come back at an even pace, counted for the address that is typed and, apart
from it, for the network that it is typed in. Whoever guesses one person's password from everywhere empties the first, whoever
guesses everybody's from one place the second."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.networks import networks_of
from collector.signing import fingerprint

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most `most` tries at once; one comes back `every` so often."""

    most: int
    every: timedelta


#: For one address, whether anybody has it or not: 298 tries on the first day, which guess no password of twelve signs.
ADDRESS = Bucket(10, timedelta(minutes=5))
#: For one network; an office may stand behind it.
NETWORK = Bucket(30, timedelta(seconds=30))
#: For the second step of one member: 101 tries on the first day at three codes of a million each.
SECOND_STEP = Bucket(5, timedelta(minutes=15))

#: For letters to one address: 75 on the first day, asked by whoever wants to be a nuisance.
LETTER = Bucket(3, timedelta(minutes=20))


@dataclass(frozen=True, slots=True)
class Try:
    """One try of an owner, whose name is kept as a hash only."""

    owner: bytes
    bucket: Bucket


def tries_for(email: str, address: str) -> tuple[Try, ...]:
    """What one sign-in with `email` from a network address takes."""
    return (Try(fingerprint(f"address:{email}"), ADDRESS), *tries_of_network(address))


def tries_of_network(address: str) -> tuple[Try, ...]:
    """What one sign-in takes that says only afterwards whose it is."""
    return _of_networks("network", address)


def tries_of_letter(email: str, address: str) -> tuple[Try, ...]:
    """What asking for a letter to `email` from a network address takes. Nothing of it is given back."""
    return (Try(fingerprint(f"letter:{email}"), LETTER), *_of_networks("letters from", address))


def tries_of_second_step(member: int) -> tuple[Try, ...]:
    """What one code of a member takes."""
    return (Try(fingerprint(f"second step:{member}"), SECOND_STEP),)


def _of_networks(kind: str, address: str) -> tuple[Try, ...]:
    return tuple(
        Try(fingerprint(f"{kind}:{network}"), Bucket(NETWORK.most * times, NETWORK.every / times))
        for network, times in networks_of(address)
    )


def wait_for(full_at: datetime | None, bucket: Bucket, now: datetime) -> timedelta:
    """How long it is until there is a try left: nothing when there is one. `full_at` is when all will have come back."""
    ahead = max((full_at or now) - now, _NONE)
    return max(ahead - (bucket.most - 1) * bucket.every, _NONE)


def after_one(full_at: datetime | None, bucket: Bucket, now: datetime) -> datetime:
    """When all tries will have come back after one more was taken."""
    return max(full_at or now, now) + bucket.every
