#!/usr/bin/env python3
"""What a flood of one site costs the visitors of another: the 95th percentile of theirs, with the flood against without.

    python bench/flood.py [--rate 1000] [--seconds 5] [--rounds 3]

Both sites are on one collector with its limits in force. Fifty visitors a second submit to the quiet site; the flood sends at
`--rate` to the other one. Flood and visitors come from this machine, so the flood costs processor time on its sender's side
too: a share of the difference is the machine's."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.install import compiled  # noqa: E402 - the checkout is put on the path first
from bench.submissions import submissions  # noqa: E402 - likewise
from tests.servers.live import Live  # noqa: E402 - likewise

ORIGIN = "https://bench.example"


def main() -> None:
    """Measures in turns and prints the medians."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--rounds", type=int, default=3)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="flood-") as folder:
        program = compiled(ROOT / "bench" / "load.c", Path(folder) / "load")
        settings = {
            "LUKEWARM_SITE_LIMIT": "2000",
            "LUKEWARM_CONFIGURATION_MAX_AGE": "2",
            "LUKEWARM_LOG_LEVEL": "warning",
        }
        live = Live(Path(folder) / "data", **settings)
        try:
            flooded, quiet = (
                live.command("site", "add", name, "--origin", ORIGIN).strip() for name in ("Flooded", "Quiet")
            )
            finish(begin(program, live, flooded, 4000, 1))  # its share is used up
            before, during, refused = [], [], 0
            for _ in range(wanted.rounds):
                before.append(finish(begin(program, live, quiet, 50, wanted.seconds)))
                flood = begin(program, live, flooded, wanted.rate, wanted.seconds + 1)
                during.append(finish(begin(program, live, quiet, 50, wanted.seconds)))
                refused += finish(flood)["statuses"].get("429", 0)
        finally:
            live.stop()
    calm, flooding = (statistics.median(one["sent"]["p95"] for one in ones) for ones in (before, during))
    lost = sum(sum(one["statuses"].values()) - one["statuses"].get("201", 0) for one in during)
    print(
        f"p95 of the quiet site: {calm:.2f} ms alone, {flooding:.2f} ms during the flood: {flooding / calm:.2f} times."
    )
    print(
        f"Refused of the flood: {refused}. Of the quiet site's visitors: {lost}. Load average {os.getloadavg()[0]:.1f}."
    )


def begin(program: Path, live: Live, site: str, rate: int, seconds: float) -> "subprocess.Popen[str]":
    """Starts to send at a rate, and returns when it is counted."""
    words = [str(program), "--port", str(live.port), "--path", f"/v1/sites/{site}/responses", "--origin", ORIGIN]
    words += ["--content-type", "text/plain", "--connections", "16", "--warm-up", "0.5"]
    words += ["--seconds", str(seconds), "--rate", str(rate)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(submissions(ORIGIN))
    process.stdin.close()
    process.stdin = None
    process.stdout.readline()
    return process


def finish(process: "subprocess.Popen[str]") -> Any:
    """What was measured."""
    told, _ = process.communicate()
    return json.loads(told)


if __name__ == "__main__":
    main()
