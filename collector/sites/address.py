"""Origins and page addresses in one normal form: which origin belongs to a site, and what is kept of a page's address."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from collector.problems import Fault, ValidationFailed

#: Longer addresses are refused before they are parsed.
MAX_ADDRESS = 2048
#: What was made of this many addresses is kept, of pages and of origins each, for most visits are to few pages. Longer ones
#: are not kept, so that addresses made up to fill the memory take 3 MB of it at most.
_KEPT = 512
_MAX_KEPT = 256
#: Longer host names do not exist (RFC 1035, section 2.3.4), and bringing one into ASCII takes n² steps (CVE-2024-3651).
_MAX_HOST = 253
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?|\[[0-9a-f:.]+\]"
)
_UNRESERVED = re.compile(r"%([0-9A-Fa-f]{2})")
#: An address in which there is nothing to put right but its origin, and nothing to keep of the query.
_PLAIN = re.compile(r"(https?://[A-Za-z0-9.:-]{1,120})(/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,2000})(?:[?#][!-~]{0,2000})?")
_UNSAFE = re.compile(r"[^!-~]")
_FREE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def origin_of(address: str) -> str | None:
    """The origin of an http(s) address as a browser writes it in the Origin header (RFC 6454, section 6.2): lower case,
    host in ASCII, no default port. `None` when the address has none."""
    return _known_origin(address) if len(address) <= _MAX_KEPT else _origin(address)


def _origin(address: str) -> str | None:
    if len(address) > MAX_ADDRESS:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    host = _ascii_host(parts.hostname)
    if host is None:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


_known_origin = lru_cache(_KEPT)(_origin)


def check_origins(origins: Iterable[str]) -> tuple[str, ...]:
    """Origins in normal form, in the order given, each once. Raises `ValidationFailed` for anything with a path, a wild
    card, or no scheme: an origin rule matches exactly."""
    checked: dict[str, None] = {}
    for text in origins:
        origin = origin_of(text)
        if origin is None or urlsplit(text).path.strip("/") or urlsplit(text).query or urlsplit(text).fragment:
            raise ValidationFailed(
                faults=[Fault(f"{text!r} is not scheme and host alone, such as https://www.example.com.")]
            )
        checked[origin] = None
    if not checked:
        raise ValidationFailed(faults=[Fault("A site needs at least one, such as https://www.example.com.")])
    return tuple(checked)


def canonical_page(address: str, parameters: frozenset[str]) -> str | None:
    """What is kept of a page's address: origin and path, and of the query only the parameters in `parameters`, sorted by
    name. Fragment and every other parameter are dropped, for tokens live there. Escapes of plain letters are
    undone and the others written in capitals (RFC 3986, section 6.2.2). `None` when it is not an http(s) address."""
    plain = None if parameters or len(address) > MAX_ADDRESS else _PLAIN.fullmatch(address)
    if plain is not None:
        origin = origin_of(plain[1])
        return None if origin is None else origin + plain[2]
    return (_known_page if len(address) <= _MAX_KEPT else _page)(address, parameters)


def _page(address: str, parameters: frozenset[str]) -> str | None:
    origin = _origin(address)
    if origin is None:
        return None
    parts = urlsplit(address)
    kept = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] in parameters)
    path = _UNRESERVED.sub(_plain_escape, parts.path or "/")
    path = _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8")), path)
    # Joined by hand: what urlunsplit makes of a path that begins with two slashes changed between Python versions.
    return origin + (path if path.startswith("/") else f"/{path}") + (f"?{urlencode(kept)}" if kept else "")


_known_page = lru_cache(_KEPT)(_page)


def _plain_escape(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter in _FREE else match[0].upper()


def _ascii_host(host: str) -> str | None:
    if len(host) > _MAX_HOST:
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    host = f"[{host}]" if ":" in host else host.lower()
    return host if len(host) <= _MAX_HOST + 1 and _HOST.fullmatch(host) else None
