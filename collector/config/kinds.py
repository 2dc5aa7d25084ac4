"""What the text of a setting must look like, by kind. Each reads a text into its value, or raises `ValueError` with the rest of
a sentence that begins with the setting's name."""

import re
from collections.abc import Callable
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import parse_qsl, urlsplit

from phonenumbers import SUPPORTED_REGIONS

#: Where nobody listens in.
_HERE = ("localhost", "127.0.0.1", "::1")
_SENDER = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def choice(*known: str) -> Callable[[str], str]:
    """One of the words `known`."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return text

    return read


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number from `lowest` to `highest`."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def seconds(text: str) -> float:
    """Up to an hour, in seconds."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise ValueError("must be a number of seconds from 0 to 3600")
    return value


def switch(text: str) -> bool:
    """Whether something is on."""
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def database_address(text: str) -> str:
    """A database's address as SQLAlchemy wants it."""
    scheme = urlsplit(text).scheme
    if scheme == "sqlite" and text.startswith("sqlite:///") and len(text) > len("sqlite:///"):
        return text
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and urlsplit(text).path.strip("/"):
        return "postgresql+psycopg" + text[len(scheme) :]
    raise ValueError("must look like sqlite:///folder/file.db or postgresql://user:password@host/database")


def secret(text: str) -> str:
    """Something that nobody guesses."""
    if len(text) < 32 or len(set(text)) < 8:
        raise ValueError(
            "must have at least 32 characters, eight of them different; "
            "'python3 -c \"import secrets; print(secrets.token_hex(32))\"' makes one"
        )
    return text


def secrets(text: str) -> str:
    """One such secret, or several, each on a line of its own."""
    return "\n".join(secret(line.strip()) for line in text.strip().splitlines()) or secret(text)


def address(text: str) -> str:
    """Where something of ours is reached: scheme, host, port."""
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise ValueError("must look like https://feedback.example.com, without a path")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """An OpenID provider, as it calls itself. Its word comes in the clear from this machine at most."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or len(text) > 300:
        raise ValueError("must look like https://accounts.example.com")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ValueError("would believe whoever listens in; begin with https://")
    return text


def label(text: str) -> str:
    """A short name for people."""
    if not text.isprintable() or len(text) > 40:
        raise ValueError("must be a name of at most 40 characters")
    return text


def redis_address(text: str) -> str:
    """A Redis and the number of one of its databases."""
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or not parts.path.strip("/").isdecimal():
        raise ValueError("must look like redis://user:password@host:6379/0, or rediss:// for TLS")
    return text


def smtp_address(text: str) -> str:
    """A mail server. A password goes in the clear to this machine at most."""
    parts = urlsplit(text)
    query = parse_qsl(parts.query)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("must look like smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start")
    if query not in ([], [("tls", "off")]) or (query and parts.scheme == "smtps"):
        raise ValueError("may end in ?tls=off after smtp:// and in nothing else")
    if query and parts.username and parts.hostname not in _HERE:
        raise ValueError("would send a password in the clear; leave tls=off out")
    return text


def sender(text: str) -> str:
    """One e-mail address, as it stands in a message's head."""
    if not _SENDER.fullmatch(text):
        raise ValueError("must be one address, such as feedback@example.com")
    return text


def service_address(text: str) -> str:
    """A service for SMS with account and token, which go in the clear to this machine at most."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not (parts.hostname and parts.username and parts.password):
        raise ValueError("must look like https://ACCOUNT:TOKEN@api.twilio.com")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must end after the host")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ValueError("would send a password in the clear; begin with https://")
    return text


def text_sender(text: str) -> str:
    """What messages by SMS come from."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}|MG[0-9a-fA-F]{32}", text):
        raise ValueError("must be a number such as +358401234567, or a messaging service, MG and 32 digits")
    return text


def countries(text: str) -> tuple[str, ...]:
    """Countries (ISO 3166, two letters), in alphabetical order."""
    found = tuple(sorted({part.strip() for part in text.split(",")}))
    if not SUPPORTED_REGIONS.issuperset(found):
        raise ValueError("must be countries by their two letters, with commas: FI,SE")
    return found


def price(text: str) -> Decimal:
    """What something costs, exactly."""
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,5})?", text):
        raise ValueError("must be a number such as 0.0575")
    return Decimal(text)


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks (RFC 4632, RFC 4291)."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be networks with commas, such as 10.0.8.0/24,fd00:8::/64") from None
