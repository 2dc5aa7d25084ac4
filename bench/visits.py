"""A visit that presses the launcher, and what it cost: read off Chromium's own trace, so that nothing of the measuring runs in
the page but a probe that looks once a frame."""

import json
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

_PROBE = """
(() => {
    const probe = window.probe = {shift: 0, pressed: 0, form: 0};
    const inside = (selector) => document.querySelector('[data-lukewarm]')?.shadowRoot.querySelector(selector);
    const visible = (found) => found?.getBoundingClientRect().width && found.checkVisibility({visibilityProperty: true});
    // One frame after it is there it has been laid out and drawn.
    const wait = (selector, name) => requestAnimationFrame(() => {
        const found = inside(selector);
        if (!visible(found)) return wait(selector, name);
        requestAnimationFrame((now) => {
            const box = found.getBoundingClientRect();
            probe[name] = performance.now();
            performance.mark('bench:' + name);
            tellBench(JSON.stringify([name, box.x + box.width / 2, box.y + box.height / 2]));
        });
    });
    wait('.launcher', 'launcher');
    wait('input[name=score]', 'form');
    addEventListener('click', () => { probe.pressed ||= performance.now() }, true);
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) probe.shift += entry.value })
        .observe({type: 'layout-shift', buffered: true});
})()
"""
#: A fixed loop, best of three: compare runs only where it takes the same time.
_LOOP = """(() => {
    let best = 1e9;
    for (let again = 0; again < 3; again++) {
        const began = performance.now();
        let sum = 1;
        for (let at = 0; at < 2e6; at++) sum = (Math.imul(sum, 31) + at) | 0;
        window.sum = sum;
        best = Math.min(best, performance.now() - began);
    }
    return best;
})()"""
_CATEGORIES = [
    "devtools.timeline",
    "v8",
    "v8.execute",
    "toplevel",
    "blink.user_timing",
    "disabled-by-default-v8.compile",
]
_SCRIPT = {
    *("EvaluateScript", "FunctionCall", "v8.compile", "v8.compileModule", "v8.evaluateModule", "V8.CompileScript"),
    "RunMicrotasks",
}


@dataclass(frozen=True)
class Visit:
    """What one visit cost. Times in milliseconds; `script` is processor time of the widget's script from its start to the
    drawn form, `calls` the part of it that is not spent in promises, `press` from the press to the drawn form, `loop` the fixed
    loop under the same slowing. Long tasks took more than 50 ms of processor time, `long_waits` by the clock, to which whoever
    interrupts them adds. Requests are those before the form."""

    script: float
    calls: float
    press: float
    shift: float
    long_tasks: int
    long_waits: int
    requests: int
    preflights: int
    loop: float


def median(visits: list[Visit], name: str) -> float:
    """The median of one figure."""
    return statistics.median(getattr(visit, name) for visit in visits)


def visit(browser: Browser, address: str, collector: str, slowed: int) -> Visit:
    """Opens a page of a cold browser, waits for the launcher, comes near, and presses it. `slowed` is by how much the processor
    seems slower; requests are those to `collector`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    # With a window Chromium loads pages of its own, in another process on the same cores.
    page.wait_for_timeout(1000)
    cdp = context.new_cdp_session(page)
    methods: list[str] = []
    cdp.on(
        "Network.requestWillBeSent",
        lambda event: event["request"]["url"].startswith(collector) and methods.append(event["request"]["method"]),
    )
    for domain in ("Network", "Runtime", "Page"):
        cdp.send(f"{domain}.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send("Runtime.addBinding", {"name": "tellBench"})
    cdp.send("Page.addScriptToEvaluateOnNewDocument", {"source": _PROBE})
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    tracing = browser.new_browser_cdp_session()
    trace: list[dict[str, Any]] = []
    tracing.on("Tracing.dataCollected", lambda event: trace.extend(event["value"]))
    tracing.send("Tracing.start", {"traceConfig": {"includedCategories": _CATEGORIES}})
    _press(page, cdp, address)
    loop = cdp.send("Runtime.evaluate", {"expression": _LOOP})["result"]["value"]
    ended: list[object] = []
    tracing.on("Tracing.tracingComplete", lambda event: ended.append(event))
    tracing.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    probe = page.evaluate("probe")
    context.close()
    trace = _until_form(trace)
    own = list(_outermost(_tasks_and_calls(trace), collector))
    return Visit(
        script=_spent(own),
        calls=_spent([event for event in own if event["name"] != "RunMicrotasks"]),
        press=probe["form"] - probe["pressed"],
        shift=probe["shift"],
        long_tasks=_long_tasks(_tasks_and_calls(trace), own, _worked),
        long_waits=_long_tasks(_tasks_and_calls(trace), own, _clocked),
        requests=sum(
            1 for event in trace if event["name"] == "ResourceSendRequest" and _address(event).startswith(collector)
        ),
        preflights=methods.count("OPTIONS"),
        loop=loop,
    )


def _press(page: Page, cdp: CDPSession, address: str) -> None:
    """The pointer sets out 100 ms after the launcher is there, rests on it for 150 ms, and presses: a quick visitor."""
    told: dict[str, list[float]] = {}

    def hear(event: dict[str, Any]) -> None:
        if event["name"] == "tellBench":
            name, *place = json.loads(event["payload"])
            told[name] = place

    cdp.on("Runtime.bindingCalled", hear)
    page.goto(address)
    while "launcher" not in told:
        page.wait_for_timeout(10)
    x, y = told["launcher"]
    page.wait_for_timeout(100)
    cdp.send("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})
    page.wait_for_timeout(150)
    for kind in ("mousePressed", "mouseReleased"):
        cdp.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})
    while "form" not in told:
        page.wait_for_timeout(10)


def _until_form(trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What began before the form was drawn."""
    (end,) = {event["ts"] for event in trace if event["name"] == "bench:form"}
    return [event for event in trace if event["ts"] < end]


def _tasks_and_calls(trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What pages' main threads did, with its duration."""
    mains = {
        (event["pid"], event["tid"])
        for event in trace
        if event["name"] == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    return [event for event in trace if event["ph"] == "X" and (event["pid"], event["tid"]) in mains]


def _spent(own: list[dict[str, Any]]) -> float:
    """Milliseconds of processor time."""
    return sum(map(_worked, own)) / 1000


def _long_tasks(
    events: list[dict[str, Any]], own: list[dict[str, Any]], time: Callable[[dict[str, Any]], float]
) -> int:
    """Tasks over 50 ms, by `time`, of which the widget's script fills more than half."""
    tasks = [event for event in events if event["name"].endswith("RunTask") and time(event) > 50_000]
    return sum(1 for task in tasks if sum(time(each) for each in own if _within(each, task)) > time(task) / 2)


def _worked(event: dict[str, Any]) -> float:
    """Microseconds of processor time; by the clock where the trace has no other."""
    return float(event.get("tdur", event["dur"]))


def _clocked(event: dict[str, Any]) -> float:
    return float(event["dur"])


def _outermost(events: list[dict[str, Any]], collector: str) -> Iterator[dict[str, Any]]:
    """Events of the widget's script that lie in no other of them; microtasks count where no other script ran in them."""
    scripts = [event for event in events if event["name"] in _SCRIPT]
    foreign = [event for event in scripts if _address(event) and not _address(event).startswith(collector)]
    end = 0.0
    for event in sorted(scripts, key=lambda event: (event["ts"], -event["dur"])):
        if event["name"] == "RunMicrotasks":
            mine = not any(_within(other, event) for other in foreign)
        else:
            mine = _address(event).startswith(collector)
        if mine and event["ts"] >= end:
            end = event["ts"] + event["dur"]
            yield event


def _address(event: dict[str, Any]) -> str:
    data = event["args"].get("data") or {}
    return str(data.get("url") or event["args"].get("fileName") or "")


def _within(event: dict[str, Any], task: dict[str, Any]) -> bool:
    same = (event["pid"], event["tid"]) == (task["pid"], task["tid"])
    return bool(same and task["ts"] <= event["ts"] < task["ts"] + task["dur"])
