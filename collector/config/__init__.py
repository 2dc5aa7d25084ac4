"""The installation's settings: `LUKEWARM_*` variables, read once into one frozen object. Below the edges nobody reads
settings; what a rule needs is an argument. Settings of a site or a survey are rows, not configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from collector.config import kinds

PREFIX = "LUKEWARM_"


class SettingsError(Exception):
    """Settings that cannot be used. `errors` holds a sentence for each, all found at once."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def _setting(read: Callable[[str], Any], text: str | None, meaning: str, *, secret: bool = False) -> Any:
    default = None if text is None else read(text)
    return field(default=default, metadata={"read": read, "default": text, "meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings. Each field is the variable `LUKEWARM_<NAME>`."""

    data_dir: Path = _setting(Path, "lukewarm-data", "Folder for the embedded database and the generated secret.")
    database_url: str | None = _setting(
        kinds.database_address,
        None,
        "Database address, SQLite or PostgreSQL. Without it: the file lukewarm.db in the data folder.",
        secret=True,
    )
    secret_key: str | None = _setting(
        kinds.secrets,
        None,
        "Secret that follow-up tokens are made with, and on further lines older ones that are still believed. With SQLite "
        "one is generated into the data folder; with PostgreSQL it must be given, because all nodes share it.",
        secret=True,
    )
    host: str = _setting(str, "127.0.0.1", "Address that the server listens on.")
    port: int = _setting(kinds.whole(0, 65535), "8000", "Port that the server listens on; 0 takes a free one.")
    threads: int = _setting(kinds.whole(1, 64), "8", "Threads that answer requests.")
    public_url: str | None = _setting(
        kinds.address,
        None,
        "Address under which visitors and members reach the collector, for printed tags, sites' own scripts and passkeys.",
    )
    worker: bool = _setting(kinds.switch, "on", "Whether 'serve' also runs the worker in a thread of its own.")
    configuration_max_age: float = _setting(
        kinds.seconds, "2", "Seconds for which a process may keep a site's settings before it reads them again."
    )
    fast_door: bool = _setting(
        kinds.switch, "on", "Whether 'serve' takes submissions on the short way; off, everything goes through Flask."
    )
    network_limit: int = _setting(
        kinds.whole(0, 10**6),
        "20",
        "Submissions a minute that one network may send to one site, and answers it may send; 0 sets no limit.",
    )
    site_limit: int = _setting(
        kinds.whole(0, 10**6), "600", "Submissions a minute that one site takes; 0 sets no limit."
    )
    total_limit: int = _setting(
        kinds.whole(0, 10**7), "60000", "Submissions and answers a minute that the installation takes; 0 sets no limit."
    )
    read_limit: int = _setting(
        kinds.whole(0, 10**6),
        "1200",
        "Reads a minute that one network has of what needs no sign-in, or may try keys and tokens with; 0 sets no limit.",
    )
    key_limit: int = _setting(
        kinds.whole(0, 10**6), "600", "Reads a minute that a program has with one API key; 0 sets no limit."
    )
    proof_of_work: str = _setting(
        kinds.choice("auto", "off"),
        "auto",
        "Whether browsers have to compute something, unseen, to use up the second half of a share of submissions.",
    )
    trusted_proxies: int = _setting(
        kinds.whole(0, 10),
        "0",
        "Proxies in front whose entries in X-Forwarded-For are believed, counted from the right.",
    )
    redis_url: str | None = _setting(
        kinds.redis_address, None, "Address of a Redis over which several nodes share the limits.", secret=True
    )
    smtp_url: str | None = _setting(
        kinds.smtp_address,
        None,
        "Mail server that e-mails are handed to. smtp:// asks for STARTTLS and goes on only under it.",
        secret=True,
    )
    mail_from: str | None = _setting(kinds.sender, None, "Address that e-mails come from.")
    mail_folder: Path | None = _setting(
        Path, None, "Folder that e-mails are written into instead of being sent, for development."
    )
    sms_url: str | None = _setting(
        kinds.service_address,
        None,
        "Service that messages by SMS are handed to, with account and token: https://ACCOUNT:TOKEN@api.twilio.com.",
        secret=True,
    )
    sms_from: str | None = _setting(
        kinds.text_sender, None, "Number, or messaging service, that messages by SMS come from."
    )
    sms_countries: tuple[str, ...] | None = _setting(
        kinds.countries, None, "Countries to which messages go by SMS, such as FI,SE. Without it: to none."
    )
    sms_prefix_limit: int = _setting(
        kinds.whole(1, 10**6), "5", "Messages by SMS within 24 hours to numbers that begin alike."
    )
    sms_site_limit: int = _setting(kinds.whole(1, 10**6), "50", "Messages by SMS within 24 hours of one site.")
    sms_total_limit: int = _setting(
        kinds.whole(1, 10**7), "200", "Messages by SMS within 24 hours of the installation."
    )
    sms_price: Decimal | None = _setting(
        kinds.price, None, "What one part of a message costs, for 'lukewarm sms preview'."
    )
    mail_hook_secret: str | None = _setting(
        kinds.secret,
        None,
        "Secret under which a mail server signs what it reports of bounces and complaints; without it no report is taken.",
        secret=True,
    )
    outbound_networks: tuple[IPv4Network | IPv6Network, ...] | None = _setting(
        kinds.networks,
        None,
        "Private networks of your own that webhooks may lead into, with commas, such as 10.0.8.0/24; all others are refused.",
    )
    oidc_issuer: str | None = _setting(
        kinds.issuer, None, "OpenID provider that members may sign in through, exactly as it calls itself."
    )
    oidc_client_id: str | None = _setting(str, None, "What the OpenID provider calls this installation.")
    oidc_client_secret: str | None = _setting(
        str, None, "What this installation shows the OpenID provider.", secret=True
    )
    oidc_name: str | None = _setting(
        kinds.label, None, "What people call the OpenID provider, for the button. Without it: its host."
    )
    log_format: str = _setting(kinds.choice("json", "text"), "json", "One JSON object a line, or text for people.")
    log_level: str = _setting(
        kinds.choice("debug", "info", "warning", "error"), "info", "The least important message that is logged."
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
