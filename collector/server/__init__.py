"""The server that `lukewarm serve` runs: uvicorn with llhttp, the parser of Node.js, on uvloop where there is one.

One thread reads and answers (`door.py`), so no slow client holds up another. Flask works behind it in a few threads and gets a
request only when all of it is there; submissions take the short way (`lane.py`) and leave the one thread only for the disk.
Whoever may not come in at the moment is told so before anything of the body is looked at: a refusal in Flask's threads would
cost those who may come in their turn."""

import asyncio
import errno
import gc
import logging
import os
import socket
from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic
from typing import Any

import structlog
import uvicorn
from flask import Flask

from collector.config import Settings
from collector.intake.api import ADMITTED
from collector.logs import places
from collector.server.door import FAREWELL, Door
from collector.server.house import House, Patience
from collector.server.lane import Lane
from collector.server.long_way import LongWay
from collector.server.shelf import Shelf
from collector.web.context import Context

_log = structlog.get_logger("lukewarm")

#: Seconds between two looks at the connections.
_LOOK = 1.0


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it takes connections and looks at them now and then."""

    def __init__(self, config: uvicorn.Config, lane: Lane, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._lane = lane
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to take connections."""
        self._lane.call_soon = asyncio.get_running_loop().call_soon_threadsafe
        await super().startup(sockets)
        self._looking = asyncio.create_task(self._look())
        self._on_ready()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            now = monotonic()
            for door in list(self.server_state.connections):
                if isinstance(door, Door):
                    door.look(now)
            stored, self._lane.stored = self._lane.stored, 0
            if stored:
                _log.info("submissions", stored=stored)


class _OwnWords(logging.Handler):
    """Turns what uvicorn and asyncio log of their own into a line of ours, without the values that an error may hold."""

    def emit(self, record: logging.LogRecord) -> None:
        """Logs one record."""
        error = record.exc_info[1] if record.exc_info else None
        _log.error(
            "server.failed",
            error=type(error).__name__ if error else None,
            where=places(error.__traceback__) if error else None,
        )


def serve(app: Flask, settings: Settings, on_ready: Callable[[str, int], None]) -> None:
    """Serves `app` until the process is told to stop: it then takes no new connections, answers what was sent to it, and
    returns. `on_ready` is called with the address and port as soon as connections are taken.

    Raises `OSError` when it cannot listen."""
    listening = listen(settings.host, settings.port)
    context: Context = app.extensions["lukewarm"]
    context.database.checkpoint_apart()
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_OwnWords(logging.ERROR)], False
    address = listening[0].getsockname()
    server = make_server(app, settings, lambda: on_ready(address[0], address[1]))
    # What was made so far stays as long as the process; looking through it again and again would stop everybody.
    gc.collect()
    gc.freeze()
    server.run(listening)


def make_server(
    app: Flask, settings: Settings, on_ready: Callable[[], None], patience: Patience | None = None
) -> uvicorn.Server:
    """The server for `app`, to be run with listening sockets; it calls `on_ready` when it takes connections."""
    context: Context = app.extensions["lukewarm"]
    snapshots, committer, admission = (
        app.extensions[f"lukewarm.{name}"] for name in ("snapshots", "committer", "admission")
    )
    lane = Lane(snapshots, committer, admission, context.now)
    config = uvicorn.Config(
        Shelf(LongWay(_admitted(app), settings.threads), settings.configuration_max_age),
        interface="asgi3",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=FAREWELL,
    )
    server = _Server(config, lane, on_ready)
    house = House(settings, lane, server.server_state, patience or Patience())
    config.http = partial(Door, house)  # type: ignore[assignment]  # anything that makes a protocol
    return server


def _admitted(app: Flask) -> Any:
    """The application, told of requests that were let in at the door."""

    def into_flask(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[ADMITTED] = environ["asgi.scope"]["state"].get(ADMITTED, False)
        return app(environ, start_response)

    return into_flask


def listen(host: str, port: int) -> list[socket.socket]:
    """A listening socket for each address of the host that this machine has, all on one port.

    Raises `OSError` when one of them is taken, or when it has none of them."""
    listening: list[socket.socket] = []
    failed = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, _, _, _, address in dict.fromkeys(found):
        where = (address[0], listening[0].getsockname()[1] if listening else address[1])
        try:
            listening.append(socket.create_server(where, family=family, backlog=2048))
        except OSError as error:
            # The library adds the address to the reason, which whoever asked knows.
            failed = OSError(error.errno, os.strerror(error.errno or 0))
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                break
    else:
        if listening:
            return listening
    for one in listening:
        one.close()
    raise failed
