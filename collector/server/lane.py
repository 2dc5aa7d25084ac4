"""The short way of a submission that is as nearly all are: known site, well-formed body, right origin, not seen before.

The lane takes no decision of its own. `accept` says what becomes of a submission, the committer writes it, the admission says
who may come in; whatever is unusual is left to the Flask view, which answers it as if there were no lane. What the lane
answers is the same to the byte, which the tests of the front door hold by running at both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from random import randint
from uuid import uuid4

import msgspec

from collector.db import UNAVAILABLE
from collector.intake.accept import accept
from collector.intake.admission import Admission
from collector.intake.cache import SnapshotCache
from collector.intake.committer import Committer, Waiting
from collector.intake.quick.schemas import read_quickly
from collector.intake.schemas import receipt_json
from collector.intake.submission import Submission
from collector.problems import Problem, Unavailable
from collector.web.body import MAX_BODY
from collector.web.errors import problem_json
from collector.web.requests import CLOSED

#: Submissions that may wait for the disk at once, and seconds that one may have to wait, before others are refused.
MOST_WAITING = 2000
_LONGEST = 0.25

#: How the widget and other pages name what they send; other spellings go the long way.
_TYPES = frozenset((b"text/plain;charset=UTF-8", b"text/plain", b"application/json", b"text/plain;charset=utf-8"))

#: Where answers and amendments go, under a token.
_ANSWERS = (b"/v1/follow-ups/", b"/v1/responses/")

#: Called with the answer, or with `None` when the request has to go the long way after all.
Answer = Callable[[bytes | None], None]


class Lane:
    """One process's short way. `call_soon` runs a function in the thread of the door, from any other thread; the door sets it
    before it takes anything."""

    call_soon: Callable[..., object]

    def __init__(
        self,
        snapshots: SnapshotCache,
        committer: Committer,
        admission: Admission,
        now: Callable[[], datetime],
    ) -> None:
        self._snapshots = snapshots
        self._committer = committer
        self._admission = admission
        self._now = now
        self._answers: dict[Waiting, tuple[Answer, bytes]] = {}
        self.stored = 0

    def knows(self, path: bytes) -> bool:
        """Whether `refusal` can tell what is sent to this address. Another spelling of it is for the view to look at."""
        return path.startswith(_ANSWERS) or site_of(path) is not None

    def refusal(self, path: bytes, address: str, clock: float) -> bytes | None:
        """The answer to a request to `path` that may not come in now; `None` lets it in. `clock` in seconds."""
        try:
            if path.startswith(_ANSWERS):
                self._admission.answer(address, clock)
            elif (site := site_of(path)) is not None:
                self._admission.submission(address, site, clock)
                if len(self._answers) >= MOST_WAITING or self._committer.seconds_ahead > _LONGEST:
                    raise Unavailable(retry_after=randint(1, 4))
        except Problem as problem:
            return refused(problem)
        return None

    def take(self, path: bytes, headers: Mapping[bytes, bytes], body: bytes, clock: float, answer: Answer) -> bool:
        """Takes a submission on its way; `answer` is called after it is on disk. `False` when it has to go the long way."""
        site = site_of(path)
        if site is None or len(body) > MAX_BODY:
            return False
        if headers.get(b"content-type") not in _TYPES or b"content-encoding" in headers:
            return False
        snapshot = self._snapshots.recent(site, clock)
        content = read_quickly(body) if snapshot is not None else None
        if snapshot is None or content is None:
            return False
        origin = headers.get(b"origin", b"").decode("latin-1")
        try:
            receipt, rows = accept(Submission(content, origin, self._now()), snapshot)
        except Problem:
            return False
        if rows.response.suspect is not None:
            return False  # the view has who comes next from there show work
        waiting = Waiting(rows, self._told)
        self._answers[waiting] = answer, _created(origin, receipt_json(receipt))
        self._committer.submit(waiting)
        return True

    def _told(self, group: Sequence[Waiting]) -> None:
        self.call_soon(self._tell, group)

    def _tell(self, group: Sequence[Waiting]) -> None:
        for waiting in group:
            answer, created = self._answers.pop(waiting)
            if waiting.is_new:
                self.stored += 1
                answer(created)
            elif isinstance(waiting.error, UNAVAILABLE):
                answer(refused(Unavailable()))
            else:
                # It was stored before, or its writing went wrong: the view knows what to say.
                answer(None)


@lru_cache(maxsize=1024)
def site_of(path: bytes) -> str | None:
    """The site's key in the address that submissions are sent to; `None` for any other address, or one written unusually."""
    begin, end = b"/v1/sites/", b"/responses"
    key = path[len(begin) : -len(end)]
    if not (path.startswith(begin) and path.endswith(end) and 0 < len(key) <= 40):
        return None
    text = key.decode("latin-1")
    return text if text.isascii() and text.replace("_", "a").isalnum() else None


def refused(problem: Problem, request_id: str | None = None) -> bytes:
    """A refusal that any page may read, in the form of every other. `request_id` names a request that the log tells of."""
    body = msgspec.json.encode(problem_json(problem, request_id or str(uuid4())))
    return _reply(f"{problem.status} {problem.title}", "application/problem+json", "*", body, problem.headers)


@lru_cache(maxsize=256)
def _head(status: str, media: str, origin: str) -> str:
    named = {"Content-Type": media, **CLOSED, "Cross-Origin-Resource-Policy": "cross-origin"}
    named |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
    if origin != "*":
        named["Vary"] = "Origin"
    return f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())


def _created(origin: str, body: bytes) -> bytes:
    return _reply("201 Created", "application/json", origin, body, {})


def _reply(status: str, media: str, origin: str, body: bytes, more: Mapping[str, str]) -> bytes:
    head = _head(status, media, origin) + "".join(f"{name}: {value}\r\n" for name, value in more.items())
    return f"{head}Content-Length: {len(body)}\r\n".encode("latin-1") + b"\r\n" + body
