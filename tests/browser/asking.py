"""A site whose script has a survey's settings baked in, with rules for when the form comes up."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from collector.widget.script import baked

BUILT = Path(__file__).parents[2] / "collector" / "static" / "widget"

PAGE = """<!doctype html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width"></head><body>
<h1>A page</h1><div id="banner"></div><p><label>Search <input {autofocus}></label> <button id="nothing">Nothing</button></p>
<dialog><p>Cookies?</p><button onclick="this.closest('dialog').close()">Fine</button></dialog>
<div style="height: {height}px"></div><p id="end">The end</p>
<script>
  window.heard = [];
  for (const name of ['shown', 'opened', 'closed', 'sent'])
    document.addEventListener('lukewarm:' + name, () => heard.push(name));
</script>
<script src="{source}" {attributes}></script></body></html>"""

FRAME = """<!doctype html><title>A frame</title>
<iframe sandbox="allow-scripts" src="/framed" width="900" height="700"></iframe>"""


class Site:
    """Every path is the same page, 4,000 px high; below /short it fits the window, on /search its field is
    focused, and /frame holds one in a sandbox."""

    def __init__(self) -> None:
        self._script = ""
        self._attributes = ""
        self._source = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = site._answer(self.path)
                self.send_response(200)
                self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def loads(self, source: str) -> None:
        """From now on its pages load this script."""
        self._source, self._attributes = source, ""

    def asks(self, when: Mapping[str, Any], *, survey: str = "sv_a", attributes: str = "") -> None:
        """From now on the site's script asks so. `attributes` stand on its tag."""
        settings = {
            "survey": survey,
            "open": True,
            "language": "en",
            "direction": "ltr",
            "scale": {"lowest": 0, "highest": 10, "lowest_label": "No", "highest_label": "Yes"},
            "prompt": "Would you recommend us?",
            "categories": [],
            "look": {"launcher": "button", "scale": "numbers"},
            "when": when,
            "parts": {},
            "text": {},
        }
        parts = {
            path.stem: path.read_text("utf-8") for path in BUILT.glob("*.js") if path.stem not in ("widget", "site")
        }
        core = (BUILT / "site.js").read_text("utf-8")
        self._script = baked(core, "site_a", self.root, {"en": settings}, parts)
        self._source = "/w/1/site_a.js"
        self._attributes = attributes

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _answer(self, path: str) -> tuple[str, bytes]:
        if path == "/w/1/site_a.js":
            return "javascript", self._script.encode()
        if path == "/frame":
            return "html", FRAME.encode()
        height = 10 if path.startswith("/short") else 4000
        autofocus = "autofocus" if path == "/search" else ""
        text = PAGE.format(height=height, source=self._source, attributes=self._attributes, autofocus=autofocus)
        return "html", text.encode()
