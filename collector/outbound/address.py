"""Which addresses may be called: read when a team gives one, and judged again by number when a connection is made."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

#: Characters of an address.
LONGEST = 1000

#: What is not on the public internet (IANA special-purpose registries). `is_global` is not asked: it calls NAT64 public, and
#: its answers differ between versions of Python.
_CLOSED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        # Public by its number, and yet every machine in Azure finds its host's own services there.
        "168.63.129.16/32 "
        # Of the unicast space: Teredo and other protocols, examples, 6to4, which can hold any IPv4 address.
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
)
#: All that is given out for unicast (RFC 4291, section 2.4). Mapped addresses, NAT64, local and multicast ones lie outside.
_UNICAST = IPv6Network("2000::/3")

#: The parts of an address that every reader takes alike: no user, no fragment, no backslash, no sign outside ASCII.
_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?((?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: Names that lead inside, whatever a name server says of them (RFC 6761, 6762, 8375, and what clouds use).
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be called, in parts. `host` is in small letters, an IPv6 one without its brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def named(self) -> str:
        """The host as the Host header names it (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(text: str, networks: tuple[Network, ...] = ()) -> Address:
    """The address that a team gave. `networks` are those of the operator's own that may be reached. Nothing is looked up: a
    name may lead elsewhere tomorrow, and is judged by its numbers at each connection.

    Raises `ValueError` with one sentence that repeats nothing of the address."""
    found = _ADDRESS.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError("This is not an address such as https://hooks.example.com/services/….")
    scheme, host = found[1].lower(), found[2].lower().strip("[]")
    port = int(found[3] or _PORTS[scheme])
    if not 0 < port < 65536:
        raise ValueError("There is no such port.")
    numbers = _numbers(host)
    if numbers is None and not networks:
        _check_name(host)
    if numbers is not None and not may_reach(numbers, networks):
        raise ValueError("This address leads into a private network. Nothing is sent there.")
    if scheme == "http" and not (_is_here(host, numbers) and any(network.is_loopback for network in networks)):
        raise ValueError("Write an address that begins with https://.")
    target = found[4] if found[4].startswith("/") else f"/{found[4]}"
    return Address(scheme, host, port, target)


def may_reach(numbers: IPv4Address | IPv6Address, networks: tuple[Network, ...] = ()) -> bool:
    """Whether a connection may be made to this numeric address: a public one, or one of the operator's own networks."""
    if any(numbers in network for network in networks):
        return True
    if numbers.version == 6 and numbers not in _UNICAST:
        return False
    return not any(numbers in network for network in _CLOSED)


def _numbers(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        pass
    if ":" in host or re.fullmatch(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", host):
        # Systems read 2130706433, 0x7f.1 and 127.1 as numbers too (WHATWG URL, section 3.5).
        raise ValueError("Write a numeric address as four decimal numbers.")
    return None


def _check_name(host: str) -> None:
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("The host's name is not one that can be looked up.")
    if len(labels) == 1 or any(host == name or host.endswith(f".{name}") for name in _INSIDE):
        raise ValueError("This address leads into a private network. Nothing is sent there.")


def _is_here(host: str, numbers: IPv4Address | IPv6Address | None) -> bool:
    return numbers.is_loopback if numbers is not None else host == "localhost"
