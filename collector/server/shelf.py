"""Public answers that are asked for again and again: the widget's file and a site's settings, at every view of a page.

What Flask answered is kept as it was for the shelf life of a site's settings in this process, by everything that the answer
depends on, and given to whoever asks the same. Only answers that say that anybody may keep them are."""

from collections.abc import Callable, MutableMapping
from time import monotonic
from typing import Any

Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Any]

#: Answers that are kept at once, and bytes that one of them may have.
_MOST_KEPT = 512
_LARGEST = 64 * 1024

#: What an answer may depend on beside its address (its `Vary`); who sends one of the others is answered by Flask. The host
#: that was asked is not among it, and nothing that anybody may keep is made from it.
_ASKED_FOR = (b"origin", b"accept-encoding", b"if-none-match")
_NOT_FOR_ALL = frozenset((b"authorization", b"cookie", b"range", b"if-modified-since", b"if-match", b"if-range"))


class Shelf:
    """An ASGI application that answers for `app` what `app` answered less than `max_age` seconds ago."""

    def __init__(self, app: App, max_age: float) -> None:
        self._app = app
        self._max_age = max_age
        self._kept: dict[tuple[Any, ...], tuple[float, list[Message]]] = {}

    async def __call__(self, scope: Message, receive: Callable[[], Any], send: Callable[[Message], Any]) -> None:
        """Answers one request."""
        headers = dict(scope["headers"])
        if scope["method"] != "GET" or not _NOT_FOR_ALL.isdisjoint(headers):
            await self._app(scope, receive, send)
            return
        asked = (scope["raw_path"], scope["query_string"], *(headers.get(name) for name in _ASKED_FOR))
        kept = self._kept.get(asked)
        if kept is not None and monotonic() - kept[0] < self._max_age:
            for message in kept[1]:
                await send(message)
            return
        said: list[Message] = []

        async def listen(message: Message) -> None:
            if len(said) < 4:
                said.append(dict(message))
            await send(message)

        await self._app(scope, receive, listen)
        answer = _whole(said)
        if answer is not None and self._max_age > 0:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[asked] = monotonic(), answer


def _whole(said: list[Message]) -> list[Message] | None:
    """An answer in two messages, head and body, if anybody may keep it."""
    if not said:
        return None  # whoever asked had left
    head, *parts = said
    if not parts or parts[-1].get("more_body") or head["status"] not in (200, 304):
        return None
    caching = dict(head["headers"]).get(b"cache-control", b"")
    body = b"".join(part["body"] for part in parts)
    if not caching.startswith(b"public") or len(body) > _LARGEST:
        return None
    return [head, {"type": "http.response.body", "body": body}]
