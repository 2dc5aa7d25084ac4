"""Where a request came from, and the networks that the address belongs to.

A network is a whole IPv4 address, or the /64, /56 and /48 of an IPv6 address, each with a share of its own: whoever walks
through the addresses of a prefix empties the prefix's."""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

#: Length of an IPv6 prefix -> how many times a single network's share it has. A customer commonly gets a /56 or /48.
_PREFIXES = ((64, 1), (56, 4), (48, 16))


@lru_cache(maxsize=4096)
def networks_of(address: str) -> tuple[tuple[str, int], ...]:
    """The networks that an address belongs to, narrowest first, each with how many single shares it has. An IPv4 address
    inside IPv6 counts as what it is. What is no address is one network of its own, however it is written."""
    plain = address.partition("%")[0].strip("[]")
    try:
        return ((str(IPv4Address(plain)), 1),)
    except AddressValueError:
        pass
    try:
        six = IPv6Address(plain)
    except AddressValueError:
        return (("unknown", 1),)
    if six.ipv4_mapped is not None:
        return ((str(six.ipv4_mapped), 1),)
    number = int(six)
    return tuple((f"{number >> (128 - length):x}/{length}", times) for length, times in _PREFIXES)


def client_address(peer: str, forwarded_for: str, trusted_proxies: int) -> str:
    """The address that a request came from: the connection's, or, behind `trusted_proxies` proxies, the entry of
    X-Forwarded-For that the outermost of them wrote. It is counted from the right, because everything to the left of it was
    written by whoever sent the request (CVE-2025-59152)."""
    if trusted_proxies == 0:
        return peer
    entries = [entry.strip() for entry in forwarded_for.split(",") if entry.strip()]
    if len(entries) < trusted_proxies:
        return peer
    entry = entries[-trusted_proxies]
    # Some proxies write the port as well.
    return entry.rsplit(":", 1)[0] if entry.count(":") == 1 else entry
