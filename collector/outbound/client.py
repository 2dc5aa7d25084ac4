"""One POST to an address that a team gave, which is a stranger's: resolved once, checked by its numbers, connected to what was
checked, and never led further.

The protocol is read by h11, which leaves the socket to us: only so does the whole call end in time, however slowly the
other side drips."""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Literal

import h11

from collector.outbound.address import Address, Network, may_reach, read_address

#: Why there is no answer: the address may not be called, has no host, or the host was not reached, not believed, too slow, or
#: did not speak HTTP.
Fault = Literal["refused", "name", "connect", "tls", "late", "broken"]

#: Bytes of an answer that are read at most; its body is of no interest.
_MOST = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or why there is none."""

    status: int = 0
    fault: Fault | None = None


class _NoAnswer(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault


def look_up(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, as the system knows them. Raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Client:
    """The one HTTP client. `networks` are those of the operator's own that may be reached in spite of being private; `seconds`
    is how long a call may take from the look-up to the end of the answer's head. The environment has no say."""

    networks: tuple[Network, ...] = ()
    seconds: float = 15
    resolve: Callable[[str, int], Sequence[str]] = look_up
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Posts `body`. A redirection is an answer like any other and is not followed. Never raises for what an address, a
        network or a server may do."""
        try:
            at = read_address(address, self.networks)
        except ValueError:
            return Answer(fault="refused")
        try:
            until = monotonic() + self.seconds
            with self._connected(at, until) as line:
                return Answer(_exchange(line, at, body, headers, until))
        except _NoAnswer as why:
            return Answer(fault=why.fault)
        except TimeoutError:
            return Answer(fault="late")
        except (OSError, h11.ProtocolError):
            return Answer(fault="broken")

    def _connected(self, at: Address, until: float) -> socket.socket:
        numbers = self._numbers(at, until)
        line = _connect(numbers, at.port, until)
        if at.scheme == "http":
            return line
        line.settimeout(_left(until))
        try:
            return self.trust().wrap_socket(line, server_hostname=at.host)
        except TimeoutError:
            line.close()
            raise
        except OSError:
            line.close()
            raise _NoAnswer("tls") from None

    def _numbers(self, at: Address, until: float) -> Sequence[str]:
        found: SimpleQueue[Sequence[str]] = SimpleQueue()

        def ask() -> None:
            try:
                found.put(self.resolve(at.host, at.port))
            except (OSError, UnicodeError):  # the second for what cannot be a name, such as one with two dots in a row
                found.put(())

        # A look-up cannot be given a limit, only be left behind.
        Thread(target=ask, daemon=True).start()
        try:
            numbers = found.get(timeout=_left(until))
        except Empty:
            raise TimeoutError from None
        if not numbers:
            raise _NoAnswer("name")
        # One private address among public ones is as good as only private ones: which is taken would be chance.
        if not all(may_reach(ip_address(one), self.networks) for one in numbers):
            raise _NoAnswer("refused")
        return numbers


def _connect(numbers: Sequence[str], port: int, until: float) -> socket.socket:
    for one in numbers:
        try:
            return socket.create_connection((one, port), _left(until))
        except TimeoutError:
            raise
        except OSError:
            continue
    raise _NoAnswer("connect")


def _exchange(line: socket.socket, at: Address, body: bytes, headers: Mapping[str, str], until: float) -> int:
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST)
    always = {"Host": at.named, "Connection": "close", "Content-Length": str(len(body)), "User-Agent": "Lukewarm"}
    request = h11.Request(method="POST", target=at.target, headers=list({**headers, **always}.items()))
    parts = [protocol.send(request), protocol.send(h11.Data(data=body)), protocol.send(h11.EndOfMessage())]
    line.settimeout(_left(until))
    line.sendall(b"".join(part for part in parts if part))
    read = 0
    while True:
        event = protocol.next_event()
        if isinstance(event, h11.Response):
            return event.status_code
        if event is h11.NEED_DATA:
            line.settimeout(_left(until))
            received = line.recv(4096)
            read += len(received)
            if not received or read > _MOST:
                raise _NoAnswer("broken")
            protocol.receive_data(received)


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
