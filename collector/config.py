"""The installation's settings: `LUKEWARM_*` variables, read once into one frozen object. Below the edges nobody reads
settings; what a rule needs is an argument. Settings of a site or a survey are rows, not configuration."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from phonenumbers import SUPPORTED_REGIONS

PREFIX = "LUKEWARM_"

#: Where nobody listens in.
_HERE = ("localhost", "127.0.0.1", "::1")
_SENDER = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class SettingsError(Exception):
    """Settings that cannot be used. `errors` holds a sentence for each, all found at once."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def _choice(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return text

    return read


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise ValueError("must be a number of seconds from 0 to 3600")
    return value


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def database_address(text: str) -> str:
    """A database's address as SQLAlchemy wants it. Raises `ValueError` with what it must look like."""
    scheme = urlsplit(text).scheme
    if scheme == "sqlite" and text.startswith("sqlite:///") and len(text) > len("sqlite:///"):
        return text
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and urlsplit(text).path.strip("/"):
        return "postgresql+psycopg" + text[len(scheme) :]
    raise ValueError("must look like sqlite:///folder/file.db or postgresql://user:password@host/database")


def _secret(text: str) -> str:
    if len(text) < 32 or len(set(text)) < 8:
        raise ValueError(
            "must have at least 32 signs, eight of them different; "
            "'python3 -c \"import secrets; print(secrets.token_hex(32))\"' makes one"
        )
    return text


def _address(text: str) -> str:
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


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or len(text) > 300:
        raise ValueError("must look like https://accounts.example.com")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ValueError("would believe whoever listens in; begin with https://")
    return text


def _label(text: str) -> str:
    if not text.isprintable() or len(text) > 40:
        raise ValueError("must be a name of at most 40 signs")
    return text


def _redis_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or not parts.path.strip("/").isdecimal():
        raise ValueError("must look like redis://user:password@host:6379/0, or rediss:// for TLS")
    return text


def _smtp_address(text: str) -> str:
    parts = urlsplit(text)
    query = parse_qsl(parts.query)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("must look like smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start")
    if query not in ([], [("tls", "off")]) or (query and parts.scheme == "smtps"):
        raise ValueError("may end in ?tls=off after smtp:// and in nothing else")
    if query and parts.username and parts.hostname not in _HERE:
        raise ValueError("would send a password in the clear; leave tls=off out")
    return text


def _sender(text: str) -> str:
    if not text.isprintable() or not _SENDER.fullmatch(text):
        raise ValueError("must be one address, such as feedback@example.com")
    return text


def _service_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not (parts.hostname and parts.username and parts.password):
        raise ValueError("must look like https://ACCOUNT:TOKEN@api.twilio.com")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must end after the host")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ValueError("would send a password in the clear; begin with https://")
    return text


def _text_sender(text: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}|MG[0-9a-fA-F]{32}", text):
        raise ValueError("must be a number such as +358401234567, or a messaging service, MG and 32 digits")
    return text


def _countries(text: str) -> tuple[str, ...]:
    found = tuple(sorted({part.strip() for part in text.split(",")}))
    if not SUPPORTED_REGIONS.issuperset(found):
        raise ValueError("must be countries by their two letters, with commas: FI,SE")
    return found


def _price(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,5})?", text):
        raise ValueError("must be a number such as 0.0575")
    return Decimal(text)


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be networks with commas, such as 10.0.8.0/24,fd00:8::/64") from None


def _setting(read: Callable[[str], Any], text: str | None, meaning: str, *, secret: bool = False) -> Any:
    default = None if text is None else read(text)
    return field(default=default, metadata={"read": read, "default": text, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings. Each field is the variable `LUKEWARM_<NAME>`."""

    data_dir: Path = _setting(Path, "lukewarm-data", "Folder for the embedded database and the generated secret.")
    database_url: str | None = _setting(
        database_address,
        None,
        "Database address, SQLite or PostgreSQL. Without it: the file lukewarm.db in the data folder.",
        secret=True,
    )
    secret_key: str | None = _setting(
        _secret,
        None,
        "Secret that follow-up tokens are made with. With SQLite one is generated into the data folder; with PostgreSQL "
        "it must be given, because all nodes share it.",
        secret=True,
    )
    host: str = _setting(str, "127.0.0.1", "Address that the server listens on.")
    port: int = _setting(_whole(0, 65535), "8000", "Port that the server listens on; 0 takes a free one.")
    threads: int = _setting(_whole(1, 64), "8", "Threads that answer requests.")
    public_url: str | None = _setting(
        _address,
        None,
        "Address under which visitors and members reach the collector, for printed tags, sites' own scripts and passkeys.",
    )
    worker: bool = _setting(_switch, "on", "Whether 'serve' also runs the worker in a thread of its own.")
    configuration_max_age: float = _setting(
        _seconds, "2", "Seconds for which a process may keep a site's settings before it reads them again."
    )
    fast_door: bool = _setting(
        _switch, "on", "Whether 'serve' takes submissions on the short way; off, everything goes through Flask."
    )
    network_limit: int = _setting(
        _whole(0, 10**6),
        "20",
        "Submissions a minute that one network may send to one site, and answers it may send; 0 sets no limit.",
    )
    site_limit: int = _setting(_whole(0, 10**6), "600", "Submissions a minute that one site takes; 0 sets no limit.")
    total_limit: int = _setting(
        _whole(0, 10**7), "60000", "Submissions and answers a minute that the installation takes; 0 sets no limit."
    )
    trusted_proxies: int = _setting(
        _whole(0, 10), "0", "Proxies in front whose entries in X-Forwarded-For are believed, counted from the right."
    )
    redis_url: str | None = _setting(
        _redis_address, None, "Address of a Redis over which several nodes share the limits.", secret=True
    )
    smtp_url: str | None = _setting(
        _smtp_address,
        None,
        "Mail server that e-mails are handed to. smtp:// asks for STARTTLS and goes on only under it.",
        secret=True,
    )
    mail_from: str | None = _setting(_sender, None, "Address that e-mails come from.")
    mail_folder: Path | None = _setting(
        Path, None, "Folder that e-mails are written into instead of being sent, for development."
    )
    sms_url: str | None = _setting(
        _service_address,
        None,
        "Service that messages by SMS are handed to, with account and token: https://ACCOUNT:TOKEN@api.twilio.com.",
        secret=True,
    )
    sms_from: str | None = _setting(_text_sender, None, "Number, or messaging service, that messages by SMS come from.")
    sms_countries: tuple[str, ...] | None = _setting(
        _countries, None, "Countries to which messages go by SMS, such as FI,SE. Without it: to none."
    )
    sms_prefix_limit: int = _setting(
        _whole(1, 10**6), "5", "Messages by SMS within 24 hours to numbers that begin alike."
    )
    sms_site_limit: int = _setting(_whole(1, 10**6), "50", "Messages by SMS within 24 hours of one site.")
    sms_total_limit: int = _setting(_whole(1, 10**7), "200", "Messages by SMS within 24 hours of the installation.")
    sms_price: Decimal | None = _setting(_price, None, "What one part of a message costs, for 'lukewarm sms preview'.")
    mail_hook_secret: str | None = _setting(
        _secret,
        None,
        "Secret under which a mail server signs what it reports of bounces and complaints; without it no report is taken.",
        secret=True,
    )
    outbound_networks: tuple[IPv4Network | IPv6Network, ...] | None = _setting(
        _networks,
        None,
        "Private networks of your own that webhooks may lead into, with commas, such as 10.0.8.0/24; all others are refused.",
    )
    oidc_issuer: str | None = _setting(
        _issuer, None, "OpenID provider that members may sign in through, exactly as it calls itself."
    )
    oidc_client_id: str | None = _setting(str, None, "What the OpenID provider calls this installation.")
    oidc_client_secret: str | None = _setting(
        str, None, "What this installation shows the OpenID provider.", secret=True
    )
    oidc_name: str | None = _setting(
        _label, None, "What people call the OpenID provider, for the button. Without it: its host."
    )
    log_format: str = _setting(_choice("json", "text"), "json", "One JSON object a line, or text for people.")
    log_level: str = _setting(
        _choice("debug", "info", "warning", "error"), "info", "The least important message that is logged."
    )

    @property
    def database(self) -> str:
        """The database address that is in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'lukewarm.db'}"

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways out to a person who has left the page, as far as they are configured."""
        email = ("email",) if self.smtp_url or self.mail_folder else ()
        return (*email, "sms") if self.sms_url and self.sms_countries else email

    @property
    def has_half_of_oidc(self) -> bool:
        """Whether some of what signing in through a provider needs is there, but not all."""
        own = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)
        return any((*own, self.oidc_name)) and not all((*own, self.public_url))

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database.startswith("sqlite:")


def documented() -> list[tuple[str, str | None, str, bool]]:
    """Variable, default as text, meaning, and whether it is a secret, for every setting."""
    return [
        (PREFIX + item.name.upper(), item.metadata["default"], item.metadata["meaning"], item.metadata["secret"])
        for item in fields(Settings)
    ]


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` gives. A secret may stand in a file named by the variable with `_FILE` appended.

    Raises `SettingsError` with every fault at once: unknown variables, values that cannot be read, files that are not
    there, and combinations that cannot work."""
    errors: list[str] = []
    values: dict[str, Any] = {}
    known = {PREFIX + item.name.upper(): item for item in fields(Settings)}
    allowed = set(known) | {name + "_FILE" for name, item in known.items() if item.metadata["secret"]}
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name not in allowed):
        errors.append(f"{name} is not a setting. 'lukewarm config' lists them all.")
    for name, item in known.items():
        try:
            text = _text(environ, name, item.metadata["secret"])
            if text is not None:
                values[item.name] = item.metadata["read"](text)
        except (ValueError, OSError) as error:
            if isinstance(error, OSError):
                errors.append(f"{name}_FILE cannot be read: {error.filename}: {error.strerror}.")
            else:
                errors.append(f"{name} {error}.")
    settings = Settings(**values)
    if not errors and not settings.embedded and settings.secret_key is None:
        errors.append("LUKEWARM_SECRET_KEY is needed with PostgreSQL, because all nodes must share it.")
    if not errors and "email" in settings.channels and not (settings.mail_from and settings.public_url):
        errors.append("E-mail needs LUKEWARM_MAIL_FROM and LUKEWARM_PUBLIC_URL: who writes, and where answers go.")
    if not errors and settings.sms_url and not (settings.sms_from and settings.public_url):
        errors.append("SMS needs LUKEWARM_SMS_FROM and LUKEWARM_PUBLIC_URL: who writes, and where answers go.")
    if not errors and settings.has_half_of_oidc:
        errors.append(
            "Signing in through an OpenID provider needs LUKEWARM_OIDC_ISSUER, LUKEWARM_OIDC_CLIENT_ID, "
            "LUKEWARM_OIDC_CLIENT_SECRET and LUKEWARM_PUBLIC_URL, all of them."
        )
    if errors:
        raise SettingsError(errors)
    return settings


def _text(environ: Mapping[str, str], name: str, secret: bool) -> str | None:
    file = environ.get(name + "_FILE") if secret else None
    if file and environ.get(name):
        raise ValueError(f"is given twice, once by {name}_FILE")
    if file:
        return Path(file).read_text("utf-8").strip()
    return environ.get(name) or None
