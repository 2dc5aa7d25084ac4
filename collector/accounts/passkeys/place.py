"""Where passkeys are good for: a browser uses them for one address only, and says with each signature which one that was."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Place:
    """`origin` is what a browser calls our pages; `name` the host's name, which a passkey is bound to for good."""

    origin: str
    name: str


def place_of(public_url: str | None, asked: str) -> Place | None:
    """The place of an installation, `None` where browsers have no passkeys: without TLS, except on this machine, and at a
    numeric address (WebAuthn, section 5.1.3). `asked` is the address that the request names; as anybody may write a Host
    header, it counts only where no public address is set, and only as this machine's own name."""
    parts = urlsplit(public_url or asked)
    host = parts.hostname or ""
    if host != "localhost" and (public_url is None or parts.scheme != "https" or _is_number(host)):
        return None
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    return Place(f"{parts.scheme}://{host}{port}", host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
