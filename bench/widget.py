#!/usr/bin/env python3
"""What the widget costs a page and its visitor, beside what others' forms cost. Prints the tables and writes bench/widget.md.

    TEST_CHROMIUM=/usr/bin/chromium python bench/widget.py             medians of seven visits each
    TEST_CHROMIUM=/usr/bin/chromium python bench/widget.py --visits 3  quicker

Bytes and counts are exact and gates of the test command. Times belong to the machine: compare them where the fixed loop
takes the same time, and never across tables."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.relay import Relay  # noqa: E402 - the checkout is put on the path first
from bench.visits import Visit, median, visit  # noqa: E402 - likewise
from tests.browser.conftest import SWITCHES, program  # noqa: E402 - likewise
from tests.browser.host import Host  # noqa: E402 - likewise
from tests.servers.live import Live  # noqa: E402 - likewise
from tests.servers.pages import Pages  # noqa: E402 - likewise

FAR = 0.4

#: Others' forms, brought on screen in the same way. Measured on 21 November 2026 on a machine whose fixed loop took 12 ms, with
#: Chromium 156, the vendor's answers made up, and files in brotli: requests, bytes of brotli 11, script at 4x and 1x, press to
#: form at 4x.
PEERS = (
    ("SurveyJS 2.5.38", "3 + fonts", 320_653, "422", "", ""),
    ("Formbricks, August 2026", "3 + 1 preflight", 232_142, "669", "193", "900"),
    ("PostHog 1.449.2", "4", 145_257, "176", "45", ""),
    ("Sentry 11.12.0, from its CDN", "3", 58_068, "145", "34", "170"),
    ("Sentry 11.12.0, in one bundle", "1", 44_495, "126", "26", "121"),
    ("Isso 0.14.0", "4 + 2 preflights", 18_546, "94", "13", ""),
    ("feedback-js 2.1.25, first step; no score", "1", 4_332, "12", "", "66"),
)


@dataclass(frozen=True)
class Row:
    """A line of the table of goals: what was measured, what must hold, what would be better still."""

    what: str
    measured: float
    must: float
    better: float
    unit: str

    def line(self) -> str:
        """The line in Markdown."""
        met = "better" if self.measured <= self.better else "yes" if self.measured <= self.must else "**no**"
        return f"| {self.what} | {self.measured:,.4g} | {self.must:g} | {self.better:g} | {self.unit} | {met} |"


@dataclass(frozen=True)
class Measured:
    """Visits to a page with the site's own script, at three speeds and over a far link, and with the script for all sites."""

    slowed: list[Visit]
    plain: list[Visit]
    far: list[Visit]
    shared_far: list[Visit]

    @property
    def all(self) -> list[Visit]:
        """Every visit."""
        return [*self.slowed, *self.plain, *self.far, *self.shared_far]


def main() -> None:
    """Measures, prints and writes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--visits", type=int, default=7, help="Visits for each figure.")
    visits = options.parse_args().visits
    before = os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        live = Live(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="widget-"))))
        stack.callback(live.stop)
        pages = Pages(ROOT / "tests" / "browser" / "pages")
        stack.callback(pages.stop)
        host = Host(live, pages)
        playwright = stack.enter_context(sync_playwright())
        switches = [*SWITCHES, "--disable-gpu", "--disable-quic"]
        browser = playwright.chromium.launch(executable_path=program("TEST_CHROMIUM"), args=switches)
        stack.callback(browser.close)
        measured = measure(browser, host, visits)
        text = page(host, measured, browser.version, visits, before)
    (ROOT / "bench" / "widget.md").write_text(text)
    print(text)


def measure(browser: Browser, host: Host, visits: int) -> Measured:
    """All visits, the kinds in turns so that a busy moment of the machine meets each of them."""
    relay = Relay(host.live.port, FAR)
    near, far = host.live.root, relay.root
    kinds = [(near, 4, "site"), (near, 1, "site"), (far, 4, "site"), (far, 4, "shared")]
    found: list[list[Visit]] = [[] for _ in kinds]
    try:
        for kind, (root, slowed, tag) in [*enumerate(kinds)] * (visits + 1):
            found[kind].append(visit(browser, host.address(collector=root, tag=tag), root, slowed))
    finally:
        relay.stop()
    # The first of each met a collector and a browser that had not done it before.
    return Measured(*(of_kind[1:] for of_kind in found))


def page(host: Host, measured: Measured, chromium: str, visits: int, load: float) -> str:
    """The whole document."""
    size = transferred(f"{host.live.root}/w/1/{host.key}.js")
    whole = transferred(f"{host.live.root}/w/1/{host.key}.whole.js")
    slowed, plain = measured.slowed, measured.plain
    rows = [
        Row("core, `widget.js`, brotli 11", parts()["widget.js"]["brotli"], 5_000, 4_200, "B"),
        Row("core, `widget.js`, gzip 9", parts()["widget.js"]["gzip"], 5_600, 4_800, "B"),
        Row("a site's own script, brotli 11", size["br"], 5_000, 4_200, "B"),
        Row("a site's own script, gzip 9", size["gzip"], 5_600, 4_800, "B"),
        Row("requests before the form is on screen", max(each.requests for each in slowed), 1, 1, ""),
        Row("preflights", max(each.preflights for each in measured.all), 0, 0, ""),
        Row("script, start to form, 4x slowed", median(slowed, "calls"), 40, 25, "ms CPU"),
        Row("script, start to form", median(plain, "calls"), 7, 4, "ms CPU"),
        Row("press to form, 4x slowed", median(slowed, "press"), 100, 75, "ms"),
        Row("press to form, 4x slowed, 400 ms round trips", median(measured.far, "press"), 120, 75, "ms"),
        Row("long tasks of the widget, 4x slowed, worst", max(each.long_tasks for each in slowed), 0, 0, ""),
        Row("layout shift, worst", max(each.shift for each in measured.all), 0, 0, ""),
    ]
    ours = (
        f"| **Lukewarm, the site's own script** | {max(each.requests for each in slowed)} | {size['br']:,} | "
        f"{median(slowed, 'calls'):.0f} | {median(plain, 'calls'):.1f} | {median(slowed, 'press'):.0f} |"
    )
    shared = median(measured.shared_far, "press")
    return "\n".join(
        [
            "# What the widget costs",
            "",
            f"`python bench/widget.py`, {datetime.now(UTC):%d %B %Y}, revision {revision()}, Chromium {chromium}, "
            f"medians of {visits} visits with empty caches.",
            f"The fixed loop took {median(slowed, 'loop'):.1f} ms slowed four times and {median(plain, 'loop'):.1f} ms not "
            f"slowed (12 ms slowed where the peers were measured); load average before: {load:.1f} on {os.cpu_count()} cores.",
            "",
            "| goal | measured | must | better | unit | met |",
            "|---|---:|---:|---:|---|---|",
            *(row.line() for row in rows),
            "",
            "Script is counted as it was for the others, whose measuring did not see what promises ran: with it, ours takes "
            f"{median(slowed, 'script'):.1f} ms slowed and {median(plain, 'script'):.1f} ms not slowed.",
            "",
            "A task is long by its processor time; by the clock, on which others of the machine interrupt it, "
            f"the worst visit had {max(each.long_waits for each in slowed)}.",
            "",
            "With the script for all sites, which asks for its settings when the pointer comes near, the same press over the "
            f"link with 400 ms round trips takes {shared:.0f} ms.",
            "",
            "## Bytes",
            "",
            "| file | raw | gzip | brotli |",
            "|---|---:|---:|---:|",
            *(f"| `{name}` | {b['raw']:,} | {b['gzip']:,} | {b['brotli']:,} |" for name, b in parts().items()),
            "| a site's own script: `site.js` with settings in one language | "
            f"{size['identity']:,} | {size['gzip']:,} | {size['br']:,} |",
            "| the whole of it: with what comes after the form | "
            f"{whole['identity']:,} | {whole['gzip']:,} | {whole['br']:,} |",
            "",
            "## Beside others",
            "",
            "Until a form that can be filled in is on screen. The others' figures are from another run, on 21 November 2026: "
            "read them as magnitudes, not as differences.",
            "",
            "| form | requests | brotli, B | script at 4x, ms CPU | not slowed | press to form at 4x, ms |",
            "|---|---|---:|---:|---:|---:|",
            ours,
            *(
                f"| {name} | {asked} | {b:,} | {slow} | {fast} | {press} |"
                for name, asked, b, slow, fast, press in PEERS
            ),
            "",
        ]
    )


def parts() -> dict[str, dict[str, int]]:
    """The built files with their sizes, as the build wrote them down."""
    manifest = json.loads((ROOT / "collector" / "static" / "widget" / "manifest.json").read_text())
    return {name: file["bytes"] for name, file in manifest["files"].items()}


def transferred(address: str) -> dict[str, int]:
    """Bytes of the answer's body in each encoding, as the collector sends it."""
    sizes = {}
    for encoding in ("identity", "gzip", "br"):
        asked = urllib.request.Request(address, headers={"Accept-Encoding": encoding})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body = answer.read()
            sizes[encoding] = len(body)
    return sizes


def revision() -> str:
    """The commit that was measured."""
    return subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
