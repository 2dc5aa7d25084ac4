"""A load generator: closed loop, a fixed number of connections that each send the next submission when the last was
answered. One process of its own, bare sockets, so that it costs the measured server as little as possible."""

import argparse
import asyncio
import json
import os
import sys
import time
from uuid import UUID

COMMENT = (
    "The export button is hard to find on the report page; I looked for it under {word} before I saw it in the menu at the "
    "top right. Otherwise the product does what we need it to."
)
WORDS = ("settings", "sharing", "the report", "my account", "help", "the toolbar", "filters", "downloads")


def main() -> None:
    """Loads one address and prints one JSON object: answers a second, percentiles in milliseconds, count by status."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--path", required=True)
    options.add_argument("--origin", required=True)
    options.add_argument("--connections", type=int, default=32)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--warm-up", type=float, default=1)
    json.dump(asyncio.run(load(options.parse_args())), sys.stdout)


async def load(wanted: argparse.Namespace) -> dict[str, object]:
    """Runs all connections and sums up what happened after the warm-up."""
    begin = time.perf_counter() + wanted.warm_up
    end = begin + wanted.seconds
    taken: list[float] = []
    statuses: dict[str, int] = {}

    async def visit() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", wanted.port)
        head = (
            f"POST {wanted.path} HTTP/1.1\r\nHost: 127.0.0.1:{wanted.port}\r\nOrigin: {wanted.origin}\r\n"
            "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: "
        )
        while (sent := time.perf_counter()) < end:
            body = submission(wanted.origin)
            writer.write(f"{head}{len(body)}\r\n\r\n{body}".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            status = answer[9:12].decode()
            if sent >= begin:
                statuses[status] = statuses.get(status, 0) + 1
                taken.append(time.perf_counter() - sent)
        writer.close()

    await asyncio.gather(*(visit() for _ in range(wanted.connections)))
    taken.sort()
    at = {name: round(taken[min(len(taken) - 1, int(len(taken) * part))] * 1000, 2) for name, part in PERCENTILES}
    return {"rate": len(taken) / wanted.seconds, "statuses": statuses, **at}


PERCENTILES = (("p50", 0.5), ("p99", 0.99), ("p999", 0.999))


def submission(origin: str) -> str:
    """A submission with a fresh UUIDv7 and a comment that is not always the same."""
    noise = bytearray(os.urandom(16))
    noise[:6] = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    noise[6], noise[8] = 0x70 | noise[6] & 15, 0x80 | noise[8] & 63
    words = WORDS[noise[9] % len(WORDS)]
    return json.dumps(
        {
            "id": str(UUID(bytes=bytes(noise))),
            "score": noise[10] % 11,
            "category": "usability",
            "comment": COMMENT.format(word=words),
            "page": f"{origin}/reports/{words.replace(' ', '-')}?tab=summary",
            "language": "en",
        }
    )


if __name__ == "__main__":
    main()
