"""One connection: what comes in, which way it goes, and how long it may take.

Whatever two programs on the way may read differently is refused and the connection is closed: the parser refuses most of it,
`head.py` the rest. uvicorn parses, keeps answers in order and
hands requests to Flask; that part of it is no promise of uvicorn's, so its version is held (pyproject.toml)."""

import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from random import randint
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog
from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from collector import problems
from collector.intake.api import ADMITTED
from collector.logs import places
from collector.networks import client_address
from collector.server.head import MAX_BODY, MAX_HEAD, Unreadable, check
from collector.server.house import House
from collector.server.lane import refused
from collector.server.request import Request, as_whole

_log = structlog.get_logger("lukewarm")

#: Connections at once.
_MOST_CONNECTIONS = 10_000
#: Seconds for which the process, told to stop, takes requests on connections that it has, and waits for answers.
_LAST_CALL = 1.0
FAREWELL = 15
#: Seconds before somebody is told that there is no room.
_HESITATION = 0.25
#: A refused request is still read for so many seconds and bytes, or its sender might never see why.
_LINGER = 1.0
_MOST_UNREAD = 1024 * 1024


class Door(HttpToolsProtocol):
    """One connection. uvicorn parses, keeps answers in order and hands requests to Flask; here it is said what comes in, which
    way it goes, and how long it may take."""

    def __init__(self, house: House, **parts: Any) -> None:
        super().__init__(**parts)
        self._house = house
        self._leaving = self._lingering = False
        #: What is to be done when the answers before it are out, in the order in which it was asked for.
        self._turns: deque[Callable[[], None]] = deque()
        self._unread = 0
        self._since = monotonic()
        self._stalled_since: float | None = None
        self._reading = False
        self._begin()

    def _begin(self) -> None:
        self.url = b""
        self.headers = []
        self.body = b""
        self.head: dict[bytes, bytes] = {}
        self._refused: bytes | None = None
        self.admitted = False

    # What arrives

    def connection_made(self, transport: Any) -> None:
        """Takes a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Takes what arrived. What is not yet a request may not grow for ever."""
        if self._lingering:
            self._unread += len(data)
            if self._unread > _MOST_UNREAD:
                self.transport.abort()
            return
        if not self._reading:
            self._since = monotonic()
        self._unread += len(data)
        super().data_received(data)
        if self._reading and self._unread > (2 * MAX_BODY if self.head else MAX_HEAD):
            self._turn_away(problems.BadRequest("The request is too long."))

    def on_message_begin(self) -> None:
        """A request begins."""
        self._begin()
        self._reading = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A line of the head. One that comes after it belongs to a trailer, which proxies read in different ways."""
        if self.head:
            raise Unreadable()
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is there: what can be refused without the body is refused now."""
        self.head = dict(self.headers)
        check(self.url, self.headers, self.head, self.parser.get_http_version())
        self.admitted = self.parser.get_method() == b"POST" and self._house.lane.knows(self.url)
        if self.admitted:
            self._refused = self._house.lane.refusal(self.url, self._address(), monotonic())
        if self._refused is None and self._house.is_full:
            self._refused = refused(problems.Unavailable(retry_after=randint(1, 4)))
        if self.head.get(b"expect", b"").lower() == b"100-continue" and self._refused is None:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self.body += body
        if len(self.body) >= MAX_BODY:
            raise Unreadable(problems.BodyTooLarge())

    def on_message_complete(self) -> None:
        """The request is there as a whole: it goes the short way if it can, else the long one."""
        self._unread = 0
        self._reading = False
        self._since = monotonic()
        request = Request(self.parser, self.url, self.headers, self.head, self.body, self.admitted)
        if self._refused is not None:
            self._in_turn(partial(self._refuse, request, self._refused))
        else:
            self._in_turn(partial(self._go, request))

    def _address(self) -> str:
        peer = self.client[0] if self.client else ""
        proxies = self._house.settings.trusted_proxies
        if proxies == 0:
            return peer
        forwarded = b",".join([value for name, value in self.headers if name == b"x-forwarded-for"])
        return client_address(peer, forwarded.decode("latin-1"), proxies)

    # Which way it goes

    def _in_turn(self, do: Callable[[], None]) -> None:
        if self._turns or not self._is_answered():
            self.flow.pause_reading()
            self._turns.append(do)
        else:
            do()

    def _next_turn(self) -> None:
        while self._turns and self._is_answered() and not self.transport.is_closing():
            self._turns.popleft()()
        if not self._turns:
            self.flow.resume_reading()

    def on_response_complete(self) -> None:
        """An answer of uvicorn's is out."""
        super().on_response_complete()
        self._since = monotonic()
        self._next_turn()

    def _refuse(self, request: Request, answer: bytes) -> None:
        self.cycle = request  # type: ignore[assignment]  # stands for uvicorn's
        if answer.startswith(b"HTTP/1.1 503"):
            # Who is sent away at once and comes back at once takes the time of those who are being answered.
            self.loop.call_later(_HESITATION, self._answer, request, answer)
        else:
            self._answer(request, answer)

    def _go(self, request: Request) -> None:
        lane = self._house.lane
        if (
            self._house.settings.fast_door
            and request.method == b"POST"
            and lane.take(request.url, request.head, request.body, self._since, partial(self._answer, request))
        ):
            self.cycle = request  # type: ignore[assignment]  # stands for uvicorn's
        else:
            self._long_way(request)

    def _answer(self, request: Request, answer: bytes | None) -> None:
        request.response_complete = True
        if self.transport.is_closing():
            return
        if answer is None:
            self._long_way(request)
            return
        is_last = self._leaving or not request.keep_alive
        self._write(answer, is_last)
        self._since = monotonic()
        if is_last:
            self.transport.close()
        elif self._turns:
            self._next_turn()

    def _write(self, answer: bytes, is_last: bool) -> None:
        line, _, rest = answer.partition(b"\r\n")
        date = b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)
        self.transport.write(b"%b\r\n%b%b%b" % (line, date, b"Connection: close\r\n" if is_last else b"", rest))

    def _long_way(self, request: Request) -> None:
        # uvicorn makes its request from what the parser has just read, which may be a part of the next one by now.
        reading = self.url, self.headers
        super().on_message_begin()
        self.url = request.url
        self.headers.extend(as_whole(request))
        self.scope["state"][ADMITTED] = request.admitted
        super().on_headers_complete()
        self.scope["method"] = request.method.decode("ascii")
        self.scope["http_version"] = request.version
        self.cycle.keep_alive = request.keep_alive and not self._leaving
        super().on_body(request.body)
        super().on_message_complete()
        self.url, self.headers = reading

    # What goes wrong

    def send_400_response(self, msg: str) -> None:
        """Answers what the parser refused, or what was refused while it parsed."""
        raised = getattr(sys.exc_info()[1], "__context__", None)
        if isinstance(raised, Unreadable):
            self._turn_away(raised.problem)
        elif raised is None or isinstance(raised, HttpParserError):
            self._turn_away(problems.BadRequest())
        else:
            _log.error("request.failed", error=type(raised).__name__, where=places(raised.__traceback__))
            self._turn_away(problems.InternalError())

    def _turn_away(self, problem: problems.Problem) -> None:
        if self._lingering or self.transport.is_closing():
            return
        request_id = str(uuid4())
        _log.info("refused", status=problem.status, request=request_id)
        self._lingering = True
        # Any page may read it: one that may not would take it for a broken line and come again.
        self._in_turn(partial(self._last_words, refused(problem, request_id)))

    def _last_words(self, answer: bytes) -> None:
        self._write(answer, is_last=True)
        self.loop.call_later(_LINGER, self.transport.close)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for a truth (Protocol.eof_received)
        """The other side says no more. What it has begun to say will not be a request; what it has said is answered, which
        is when `True` keeps the connection half open."""
        waits = not self._reading and not self._lingering and not self._is_answered()
        if waits:
            self.cycle.keep_alive = False
        return waits

    # How long it may take

    def pause_writing(self) -> None:
        """The reader takes nothing at the moment."""
        super().pause_writing()
        self._stalled_since = monotonic()

    def resume_writing(self) -> None:
        """The reader goes on."""
        super().resume_writing()
        self._stalled_since = None

    def look(self, now: float) -> None:
        """Ends the connection if its patience is over at `now`."""
        patience = self._house.patience
        if self._stalled_since is not None:
            if now - self._stalled_since > patience.stalled:
                self.transport.abort()
        elif self._reading:
            if now - self._since > patience.whole or (self._leaving and now - self._since > FAREWELL / 3):
                self._turn_away(problems.RequestTimeout())
        elif self._is_idle() and now - self._since > patience.idle:
            self.transport.close()

    def shutdown(self) -> None:
        """The process is about to end. Requests that are on their way are answered, with a word that this connection ends;
        one on which nothing comes any more is closed."""
        self._leaving = True
        # An answer whose head is out already cannot say so any more: the next one on this connection will.
        if self.cycle is not None and not self.cycle.response_complete and not self.cycle.response_started:
            self.cycle.keep_alive = False
        self.loop.call_later(_LAST_CALL, self._close_if_idle)

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_idle(self) -> bool:
        return not self._reading and self._is_answered()

    def _close_if_idle(self) -> None:
        if self._is_idle():
            self.transport.close()
        elif self.cycle is not None:
            self.cycle.keep_alive = False  # one that was begun long ago, such as a download
