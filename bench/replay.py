#!/usr/bin/env python3
"""Replays comments through the whole line: visitors submit, some answer the follow-up, the team exports, and every
count, segment and comment is compared with what was sent.

    python bench/replay.py [FOLDER ...]            on SQLite
    python bench/replay.py --postgresql [FOLDER]   on a PostgreSQL of its own (TEST_POSTGRESQL names its binaries)

FOLDER holds *.jsonl files with `id`, `comment`, and where known `score`, `category`, `page`, `language`. Without one, the
folder ../shared/data is looked for; where there is none, a small set of our own is sent."""

import argparse
import collections
import csv
import hashlib
import http.client
import io
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from collector.scales import SCALES  # noqa: E402 - the checkout is put on the path first
from tests.servers.live import Live  # noqa: E402 - likewise
from tests.servers.postgres import Postgres  # noqa: E402 - likewise

ORIGIN = "https://replay.example"
#: What the sources call their labels, and which category a visitor would have chosen.
CATEGORIES = {"problem_report": "bug", "feature_request": "suggestion", "irrelevant": "other"}
#: One in so many visitors answers; one in so many submissions is sent twice.
ANSWERS, REPEATS = 3, 20


@dataclass(frozen=True)
class Visitor:
    """One comment with all that its visitor does."""

    number: int
    body: dict[str, Any]
    answers: bool
    repeats: bool


def main() -> None:
    """Runs one replay and ends with status 1 when anything differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="*", type=Path)
    options.add_argument("--postgresql", action="store_true", help="replay on PostgreSQL instead of SQLite")
    options.add_argument("--visitors", type=int, default=8, help="visitors at the same time")
    chosen = options.parse_args()
    files = find_files(chosen.folders)
    visitors = read(files)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        if not chosen.postgresql:
            sys.exit(replay(visitors, Path(folder), {}, chosen.visitors))
        cluster = Postgres(Path(folder), durable=True)
        try:
            settings = {
                "LUKEWARM_DATABASE_URL": cluster.url("postgres"),
                "LUKEWARM_SECRET_KEY": "a key for replays, 32 signs long",
            }
            sys.exit(replay(visitors, Path(folder), settings, chosen.visitors))
        finally:
            cluster.remove()


def find_files(folders: list[Path]) -> list[Path]:
    """The files to send, and a line that says which."""
    wanted = folders or [ROOT.parent / "shared" / "data"]
    files = sorted(itertools.chain.from_iterable(folder.glob("*.jsonl") for folder in wanted))
    if files:
        print(f"Sending {', '.join(file.name for file in files)}.")
        return files
    print("The data files are not here, so a small set of our own is sent (bench/sample.jsonl).")
    return [Path(__file__).with_name("sample.jsonl")]


def read(files: list[Path]) -> list[Visitor]:
    """Each comment as a visitor. A score that the source does not know is drawn from the comment's own id."""
    visitors = []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            draw = hashlib.sha256(f"{file.name} {row['id']}".encode()).digest()
            body = {
                "id": str(
                    UUID(bytes=draw[:6] + bytes([0x70 | draw[6] & 15, draw[7], 0x80 | draw[8] & 63]) + draw[9:16])
                ),
                "score": row.get("score", draw[16] % 11),
                "comment": row["comment"],
                "page": f"{ORIGIN}{row.get('page', '/')}",
                "language": row.get("language", "en"),
            }
            if category := CATEGORIES.get(row.get("category", ""), row.get("category") if "own" in row["id"] else None):
                body["category"] = category
            visitors.append(Visitor(len(visitors), body, draw[17] % ANSWERS == 0, draw[18] % REPEATS == 0))
    return visitors


def replay(visitors: list[Visitor], folder: Path, settings: dict[str, str], at_once: int) -> int:
    """Sends, answers, exports and compares. Returns the exit status."""
    environment = {"LUKEWARM_CONFIGURATION_MAX_AGE": "2", "LUKEWARM_LOG_LEVEL": "warning", **settings}
    live = Live(folder, **environment)
    try:
        key = live.command("site", "add", "Replay", "--origin", ORIGIN, "--industry", "healthcare").strip()
        secret = live.command("key", "add", "replay", "--scope", "exports:read", "--scope", "responses:read").strip()
        ready = json.loads(ask(live.root, "GET", "/readyz")[1])
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            told = list(pool.map(lambda visitor: visit(live.root, key, visitor), visitors))
        seconds = time.perf_counter() - began
        exported = export(live, secret)
        lines = compare(visitors, told, exported)
    finally:
        live.stop()
    requests = len(visitors) + sum(v.repeats for v in visitors) + sum(bool(answer) for _, answer in told)
    print(f"{ready['database']} {ready['version']}{' ' + ready['journal'] if 'journal' in ready else ''}: ", end="")
    print(f"{len(visitors)} submissions, {sum(v.repeats for v in visitors)} of them twice, ", end="")
    print(
        f"{sum(bool(answer) for _, answer in told)} answers; {requests / seconds:.0f} requests a second, all durable."
    )
    segments = collections.Counter(row["segment"] for row in exported)
    print("Segments: " + ", ".join(f"{name} {count}" for name, count in sorted(segments.items())) + ".")
    frames = collections.Counter(row["question_key"] for row in exported if row["segment"] == "passive")
    print(f"{len(frames)} different questions to Passives; the most frequent one reached ", end="")
    print(f"{max(frames.values(), default=0)} of {segments['passive']}.")
    for line in lines:
        print(f"DIFFERS: {line}")
    print(
        "Everything that was sent is in the export, once and unchanged." if not lines else f"{len(lines)} differences."
    )
    return 1 if lines else 0


def visit(root: str, key: str, visitor: Visitor) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """One visitor: submits, perhaps twice, perhaps answers. Returns the receipt and the answer that was stored."""
    path = f"/v1/sites/{key}/responses"
    status, receipt = ask(root, "POST", path, json.dumps(visitor.body))
    assert status == 201, (status, receipt, visitor)
    if visitor.repeats:
        assert ask(root, "POST", path, json.dumps(visitor.body)) == (201, receipt)
    told = json.loads(receipt)
    question = told["follow_up"]
    if not visitor.answers or question is None:
        return told, None
    answer: dict[str, Any] = {"areas": [area["key"] for area in question["areas"][:2]]}
    if question["kind"] != "areas":
        answer["text"] = f"Answer {visitor.number}: {visitor.body['comment'][:200]}".strip()
    status, stored = ask(root, "POST", f"/v1/follow-ups/{question['token']}", json.dumps(answer))
    assert status == 200, (status, stored)
    return told, answer


_own = threading.local()


def ask(root: str, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
    """One request on this thread's own connection, as a browser sends it: text/plain, no preflight."""
    if getattr(_own, "root", None) != root:
        _own.root, _own.connection = root, http.client.HTTPConnection(urlsplit(root).netloc, timeout=60)
    sent = {"Origin": ORIGIN, "Content-Type": "text/plain;charset=UTF-8", **headers}
    try:
        _own.connection.request(method, path, body.encode() if body is not None else None, sent)
        reply = _own.connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError):
        # The connection was idle for too long. A browser opens another, and so do we; the id keeps it one submission.
        _own.connection.close()
        _own.connection.request(method, path, body.encode() if body is not None else None, sent)
        reply = _own.connection.getresponse()
    return reply.status, reply.read()


def export(live: Live, secret: str) -> list[dict[str, Any]]:
    """The export, once over HTTP and once by the command, after making sure that both say the same."""
    status, lines = ask(live.root, "GET", "/api/exports/responses.jsonl", Authorization=f"Bearer {secret}")
    assert status == 200, lines
    command = [sys.executable, "-m", "collector", "export", "--site", "Replay", "--format", "csv"]
    printed = subprocess.run(command, env=live.environ, check=True, capture_output=True).stdout.decode()
    rows = [json.loads(line) for line in lines.decode().splitlines()]
    cells = list(csv.DictReader(io.StringIO(printed, newline="")))
    assert [row["id"] for row in rows] == [row["id"] for row in cells]
    for row, cell in zip(rows, cells, strict=True):
        assert cell["comment"] in (row["comment"], "'" + row["comment"]), (row, cell)
    return rows


def compare(
    visitors: list[Visitor], told: list[tuple[dict[str, Any], dict[str, Any] | None]], rows: list[dict[str, Any]]
) -> list[str]:
    """What the export says differently from what was sent, a line each."""
    found = []
    exported = {row["id"]: row for row in rows}
    if len(rows) != len(visitors) or len(exported) != len(visitors):
        found.append(f"{len(visitors)} sent, {len(rows)} exported, {len(exported)} different ids")
    for visitor, (receipt, answer) in zip(visitors, told, strict=True):
        row = exported.get(visitor.body["id"])
        if row is None:
            found.append(f"{visitor.body['id']} is missing")
            continue
        question = receipt["follow_up"] or {}
        expected = {
            "score": visitor.body["score"],
            "segment": SCALES["nps"].band(visitor.body["score"]).segment,
            "comment": visitor.body["comment"],
            "category": visitor.body.get("category"),
            "page": visitor.body["page"],
            "question": question.get("question"),
            "offered_areas": [area["key"] for area in question.get("areas", [])],
            "answer_areas": (answer or {}).get("areas", []),
            "answer": (answer or {}).get("text", ""),
            "follow_up_state": "answered" if answer else "offered",
        }
        for name, value in expected.items():
            if row[name] != value:
                found.append(f"{row['id']} {name}: sent {value!r}, exported {row[name]!r}")
        if not row["question_why"]:
            found.append(f"{row['id']} does not say why its question was asked")
    return found


if __name__ == "__main__":
    main()
