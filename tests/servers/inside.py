"""The server inside this process, in a thread: for tests that set what no command sets, such as a short patience."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from collector.server import listen, make_server
from collector.server.house import Patience


@contextmanager
def running(app: Flask, patience: Patience | None = None) -> Iterator[int]:
    """Serves `app` while the block runs; gives the port."""
    listening = listen("127.0.0.1", 0)
    port = int(listening[0].getsockname()[1])
    ready = threading.Event()
    server = make_server(app, app.extensions["lukewarm"].settings, ready.set, patience)
    thread = threading.Thread(target=server.run, args=(listening,))
    thread.start()
    try:
        assert ready.wait(60)
        yield port
    finally:
        server.should_exit = True
        thread.join(30)
