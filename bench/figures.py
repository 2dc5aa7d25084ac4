"""One measurement: the load generator on one server, with what that cost in processor time and memory."""

import json
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from bench.processes import Running, memory, processor_time


@dataclass(frozen=True)
class Figure:
    """What one server did under one load. Times are in milliseconds, of answers 201 alone: `due` from the moment a request
    was due, `p` from when it was sent. `cpu` and `database` are microseconds an answer, of the server's processes and of
    the database's; `memory` is megabytes afterwards."""

    rate: float
    offered: float
    p50: float
    p99: float
    p999: float
    due50: float
    due99: float
    cpu: float
    database: float
    memory: float
    #: Answers 503 a second, and other answers and torn, silent, or refused connections in all.
    busy: float
    failed: float
    #: Of several rounds.
    lowest: float
    highest: float


def combined(figures: Sequence[Figure]) -> Figure:
    """The median of each part, and the whole range of rates."""
    medians = {part.name: statistics.median(getattr(one, part.name) for one in figures) for part in fields(Figure)}
    rates = [one.rate for one in figures]
    return Figure(**medians | {"lowest": min(rates), "highest": max(rates)})


@dataclass(frozen=True)
class Load:
    """The load generator, and the server that it is pointed at."""

    program: Path
    seconds: float
    warm_up: float
    server: Running | None = None
    path: str = ""
    origin: str = ""
    content_type: str = ""
    bodies: str = ""
    postmaster: int = 0

    def on(self, server: Running, path: str, origin: str, content_type: str, bodies: str, postmaster: int) -> "Load":
        """The same generator, pointed at a server. `postmaster` is the first process of its database, 0 without one."""
        return replace(
            self,
            server=server,
            path=path,
            origin=origin,
            content_type=content_type,
            bodies=bodies,
            postmaster=postmaster,
        )

    def probe(self) -> None:
        """Sends one submission. Raises `RuntimeError` when it is not answered with 201."""
        told = self._finish(self._begin(1, 0, 10, 0, 1))
        if told["statuses"] != {"201": 1}:
            assert self.server is not None
            end = self.server.log.read_text()[-2000:]
            raise RuntimeError(f"{self.path} answered {told['statuses']} to a submission:\n{end}")

    def measure(self, connections: int, *, rate: float = 0, count: int = 0) -> Figure:
        """One measurement: closed loop, or open loop at `rate` a second. With `count`, it ends when so many are stored
        instead of after some seconds, and has no warm-up."""
        assert self.server is not None
        process = self._begin(connections, 0 if count else self.warm_up, 600 if count else self.seconds, rate, count)
        before = self._spent()
        if not count:
            time.sleep(self.seconds)
            after = self._spent()
            told = self._finish(process)
        else:
            told = self._finish(process)
            after = self._spent()
        answers = max(1, told["answers"])
        statuses = dict(told["statuses"])
        statuses.pop("201", None)
        busy = statuses.pop("503", 0)
        torn = told["resets"] + told["timeouts"] + told["unreached"] + told["unanswered"]
        return Figure(
            rate=told["rate"],
            offered=rate,
            p50=told["sent"]["p50"],
            p99=told["sent"]["p99"],
            p999=told["sent"]["p999"],
            due50=told["due"]["p50"],
            due99=told["due"]["p99"],
            cpu=(after[0] - before[0]) / answers * 1e6,
            database=(after[1] - before[1]) / answers * 1e6,
            memory=memory(self.server.process),
            busy=busy / told["took"],
            failed=sum(statuses.values()) + torn,
            lowest=told["rate"],
            highest=told["rate"],
        )

    def _begin(
        self, connections: int, warm_up: float, seconds: float, rate: float, count: int
    ) -> "subprocess.Popen[str]":
        assert self.server is not None
        options = {
            "--port": self.server.port,
            "--path": self.path,
            "--origin": self.origin,
            "--content-type": self.content_type,
            "--connections": connections,
            "--warm-up": warm_up,
            "--seconds": seconds,
            "--rate": rate,
            "--count": count,
        }
        words = [str(self.program), *(str(word) for option in options.items() for word in option)]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        process.stdin.write(self.bodies)
        process.stdin.close()
        process.stdin = None
        assert process.stdout is not None
        process.stdout.readline()  # the generator says that the measured time begins
        return process

    def _finish(self, process: "subprocess.Popen[str]") -> Any:
        told, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the load generator ended with {process.returncode}")
        return json.loads(told)

    def _spent(self) -> tuple[float, float]:
        assert self.server is not None
        return processor_time(self.server.process), processor_time(self.postmaster) if self.postmaster else 0.0
