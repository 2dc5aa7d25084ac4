"""Visitors that send everything twice, and the ledger of what they were promised."""

import http.client
import json
import os
import random
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from uuid import UUID

ORIGIN = "https://shop.example"
#: Words make a row as long as a real one.
COMMENT = "I looked for the delivery date under 'my orders' before I found it in the letter. " * 4


@dataclass
class Ledger:
    """What the collector promised: the receipt of each acknowledged submission, each acknowledged answer, and when (seconds
    on the monotonic clock). `faults` are answers that no visitor should see."""

    bodies: dict[UUID, bytes] = field(default_factory=dict)
    receipts: dict[UUID, tuple[float, Any]] = field(default_factory=dict)
    answers: dict[UUID, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    again: deque[UUID] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, submission: UUID, receipt: Any) -> None:
        """Notes a receipt. One that differs from an earlier one is a fault."""
        with self.lock:
            _, before = self.receipts.setdefault(submission, (time.monotonic(), receipt))
            if before != receipt:
                self.faults.append(f"{submission} was given two receipts")

    def wait(self, more: int) -> None:
        """Returns when so many more submissions are acknowledged; how long that takes is the machine's affair. Raises
        `TimeoutError` after a minute."""
        wanted, give_up = len(self.receipts) + more, time.monotonic() + 60
        while len(self.receipts) < wanted:
            if time.monotonic() > give_up:
                raise TimeoutError(
                    f"only {len(self.receipts)} of {wanted} were acknowledged in a minute: {self.statuses}"
                )
            time.sleep(0.003)

    def forget_after(self, moment: float) -> None:
        """Takes back what was acknowledged after `moment`, which, for the disk that is looked at, never came. It is sent
        again, like everything whose answer was lost on the way."""
        for submission in [one for one, (when, _) in self.receipts.items() if when > moment]:
            del self.receipts[submission]
            self.again.append(submission)
        for submission in [one for one, (when, _) in self.answers.items() if when > moment]:
            del self.answers[submission]


class Visitors:
    """A load from several visitors at a time, while the block lasts. With `may_break` a broken connection ends a visitor,
    because the collector is going to be killed; without, it is a fault."""

    def __init__(self, port: int, site: str, ledger: Ledger, *, count: int = 8, may_break: bool) -> None:
        self._port = port
        self._path = f"/v1/sites/{site}/responses"
        self._ledger = ledger
        self._may_break = may_break
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(count)]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _visit(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._enough.is_set():
            submission, once_more = self._next()
            try:
                receipt = self._submit(connection, submission, once_more)
                if receipt is not None and receipt["follow_up"] and random.random() < 0.25:
                    self._answer(connection, submission, receipt["follow_up"])
            except (OSError, http.client.HTTPException, ValueError) as error:
                connection.close()
                self._ledger.again.append(submission)
                if self._may_break:
                    return
                self._ledger.faults.append(f"a connection broke: {type(error).__name__}")
        connection.close()

    def _next(self) -> tuple[UUID, bool]:
        """A submission that was sent before, or a new one, and whether it is to be sent once more when its receipt is there.
        Half of the new ones wait for that; the others are sent again by whoever is next, perhaps at the same time."""
        if random.random() < 0.5:
            try:
                return self._ledger.again.popleft(), False
            except IndexError:
                pass
        submission, self._ledger.bodies[submission] = new_submission()
        once_more = random.random() < 0.5
        if not once_more:
            self._ledger.again.append(submission)
        return submission, once_more

    def _submit(self, connection: http.client.HTTPConnection, submission: UUID, once_more: bool) -> Any:
        status, told = send(connection, self._path, self._ledger.bodies[submission])
        self._ledger.statuses[status] += 1
        if status == 201:
            self._ledger.acknowledge(submission, told)
            if once_more:
                self._ledger.again.append(submission)
            return told
        self._ledger.again.append(submission)
        if status != 503 or told.get("status") != 503:
            self._ledger.faults.append(f"a submission was answered {status} {told}")
        self._enough.wait(0.02)
        return None

    def _answer(self, connection: http.client.HTTPConnection, submission: UUID, question: Any) -> None:
        answer: dict[str, Any] = {"areas": [area["key"] for area in question["areas"][:1]]}
        if question["kind"] != "areas":
            answer["text"] = f"An answer to {submission}"
        status, told = send(connection, f"/v1/follow-ups/{question['token']}", json.dumps(answer).encode())
        self._ledger.statuses[status] += 1
        if status == 200:
            self._ledger.answers[submission] = (time.monotonic(), answer)
        elif status != 503 or told.get("status") != 503:
            self._ledger.faults.append(f"an answer was answered {status} {told}")


def send(connection: http.client.HTTPConnection, path: str, body: bytes) -> tuple[int, Any]:
    """Posts as a browser does, without a preflight. Returns the status and the JSON of the reply."""
    connection.request("POST", path, body, {"Origin": ORIGIN, "Content-Type": "text/plain;charset=UTF-8"})
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def send_again(port: int, site: str, ledger: Ledger, submissions: list[UUID]) -> None:
    """Sends acknowledged submissions once more. A receipt that differs from the first is a fault, and so is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for submission in submissions:
        status, told = send(connection, f"/v1/sites/{site}/responses", ledger.bodies[submission])
        if status == 201:
            ledger.acknowledge(submission, told)
        else:
            ledger.faults.append(f"{submission} sent again was answered {status} {told}")
    connection.close()


def new_submission() -> tuple[UUID, bytes]:
    """The id and the body of a submission that nobody sent before, from a Passive."""
    noise = bytearray(os.urandom(16))
    noise[:6] = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    noise[6], noise[8] = 0x70 | noise[6] & 15, 0x80 | noise[8] & 63
    submission = UUID(bytes=bytes(noise))
    body = {"id": str(submission), "score": random.choice((7, 8)), "page": f"{ORIGIN}/orders", "comment": COMMENT}
    return submission, json.dumps(body).encode()
