"""The long way of a request: to Flask, in one of a few threads, and back.

A request comes here when all of it is there (`door.py`), and nearly every answer is made at once. So a thread is given the
request as a whole and gives back the answer as a whole: each hop between it and the door's thread costs more than most views.
Only an answer that does not say its length, such as a download, goes out piece by piece, no faster than its reader takes it."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from functools import partial
from io import BytesIO
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]
#: A WSGI application (PEP 3333).
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: An answer of so many bytes at most is put together before it goes out.
_AT_ONCE = 256 * 1024


class LongWay:
    """An ASGI application that has `app` answer in `threads` threads."""

    def __init__(self, app: Application, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="flask")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one request."""
        said = await receive()
        if said["type"] != "http.request":
            return  # whoever asked has left
        loop = asyncio.get_running_loop()

        def hand_out(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send(message), loop).result()

        # A context of its own: nothing that a view binds to it is there for the next request of the thread.
        work = partial(Context().run, self._answer, _environ(scope, said["body"]), hand_out)
        for message in await loop.run_in_executor(self._threads, work):
            await send(message)

    def _answer(self, environ: dict[str, Any], hand_out: Callable[[Message], None]) -> list[Message]:
        """What is still to be sent when the application has answered."""
        head: Message = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            # uvicorn says the date of every answer, also of one that was kept.
            lines = [line for line in lines if line[0] != b"date"]
            head.update(type="http.response.start", status=int(status[:3]), headers=lines)

        pieces = self._app(environ, start_response)
        try:
            if int(dict(head["headers"]).get(b"content-length", _AT_ONCE + 1)) <= _AT_ONCE:
                return [head, {"type": "http.response.body", "body": b"".join(pieces)}]
            waiting = head
            for piece in pieces:
                if waiting:
                    hand_out(waiting)
                    waiting = {}
                hand_out({"type": "http.response.body", "body": piece, "more_body": True})
            return [*([waiting] if waiting else []), {"type": "http.response.body", "body": b""}]
        finally:
            getattr(pieces, "close", lambda: None)()


def _environ(scope: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    """The request as WSGI tells it. A line of the head whose name holds an underscore is left out: WSGI would take it for the
    one with a hyphen, which a proxy may have written."""
    environ = {
        "asgi.scope": scope,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ["SERVER_NAME"], port = scope["server"] or ("localhost", 0)
    environ["SERVER_PORT"] = str(port or 0)
    if scope["client"] is not None:
        environ["REMOTE_ADDR"] = scope["client"][0]
    for name, value in scope["headers"]:
        if b"_" not in name:
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
