"""Bytes as they are, over a socket: for requests that no HTTP library would send."""

import json
import socket
from typing import Any


def connect(port: int) -> socket.socket:
    """A connection to the collector on this machine. Nothing here waits longer than twenty seconds."""
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def until_closed(connection: socket.socket) -> bytes:
    """All that comes until the other side closes. Raises `TimeoutError` when it does not."""
    pieces = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pass  # closed as well, with something of ours unread
    return b"".join(pieces)


def until_answered(connection: socket.socket) -> bytes:
    """All that comes until one answer is whole, by its Content-Length; what came behind it in the same piece too."""
    reply = b""
    while piece := connection.recv(65536):
        reply += piece
        head, end, body = reply.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"\r\ncontent-length:")[2].split(b"\r\n")[0]):
            break
    return reply


def exchange(port: int, sent: bytes) -> bytes:
    """Sends bytes and returns all that comes until the other side closes."""
    with connect(port) as connection:
        connection.sendall(sent)
        return until_closed(connection)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A plain, honest request that closes its connection."""
    lines = [f"{method} {path} HTTP/1.1", "Host: collector", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def status_of(reply: bytes) -> int:
    """The status of the first answer in `reply`."""
    return int(reply.split(b" ", 2)[1])


def json_of(reply: bytes) -> Any:
    """The JSON body of the only answer in `reply`."""
    return json.loads(reply.partition(b"\r\n\r\n")[2])
