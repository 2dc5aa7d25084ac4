"""Firefox from the distribution, driven through Marionette: JSON with its length before it, over TCP. Firefox documents the
protocol in its source tree under remote/doc/marionette; commands are WebDriver's."""

import itertools
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
#: Keys of WebDriver (section 17.4.2 of its specification).
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "Space": " ",
}
#: Nothing of Firefox's own goes out, and nothing is shown that is not the test's.
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A headless Firefox with a profile of its own in `folder`. Element arguments and results are WebDriver's references."""

    def __init__(self, program: str, folder: Path, **preferences: object) -> None:
        wanted = {**_PREFERENCES, **{name.replace("_", "."): value for name, value in preferences.items()}}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
        (folder / "user.js").write_text("\n".join(lines))
        self._process = subprocess.Popen(
            [
                program,
                "--headless",
                "--marionette",
                "--no-remote",
                "--remote-allow-system-access",
                "--profile",
                str(folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Firefox refuses to run as root in somebody else's home.
            env={**os.environ, "HOME": str(folder), "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"},
        )
        self._numbers = itertools.count(1)
        port = self._port(folder / "MarionetteActivePort")
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._unread = b""
        self._receive()
        self.command("WebDriver:NewSession", timeouts={"script": 20_000, "pageLoad": 30_000})

    def command(self, name: str, **parameters: Any) -> Any:
        """Runs a command and returns its result. Raises `RuntimeError` with Firefox's complaint."""
        number = next(self._numbers)
        packed = json.dumps([0, number, name, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(packed), packed))
        _, answered, error, result = self._receive()
        assert answered == number
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def goto(self, address: str) -> None:
        """Opens a page and waits until it has loaded."""
        self.command("WebDriver:Navigate", url=address)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a function body returns in the page; `arguments` are its arguments."""
        return self.command("WebDriver:ExecuteScript", script=script, args=list(arguments), sandbox=None)

    def wait(self, script: str, *arguments: Any) -> Any:
        """The first value of the script that is true. Raises `TimeoutError` after a minute."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if found := self.run(script, *arguments):
                return found
            time.sleep(0.02)
        raise TimeoutError(script)

    def find(self, selector: str) -> dict[str, str]:
        """The element that the selector finds in the widget's shadow root, once it is visible."""
        found: dict[str, str] = self.wait(
            "const found = document.querySelector('[data-lukewarm]')?.shadowRoot.querySelector(arguments[0]);"
            "return found?.checkVisibility() && found",
            selector,
        )
        return found

    def click(self, selector: str) -> None:
        """Presses what the selector finds in the widget."""
        self.command("WebDriver:ElementClick", id=self.find(selector)[_ELEMENT])

    def type(self, selector: str, words: str) -> None:
        """Types words into what the selector finds in the widget."""
        self.command("WebDriver:ElementSendKeys", id=self.find(selector)[_ELEMENT], text=words)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other, where the focus is: names of `KEYS`, or characters."""
        steps = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.command("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": steps}])

    def prefer(self, name: str, value: bool | int) -> None:
        """Sets a preference for the pages that are opened from now on."""
        kind = "Bool" if isinstance(value, bool) else "Int"
        self.command("Marionette:SetContext", value="chrome")
        try:
            self.run(f"Services.prefs.set{kind}Pref(arguments[0], arguments[1])", name, value)
        finally:
            self.command("Marionette:SetContext", value="content")

    def stop(self) -> None:
        """Ends the browser."""
        self.command("Marionette:Quit", flags=["eForceQuit"])
        self._connection.close()
        self._process.wait(20)

    def _port(self, file: Path) -> int:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"Firefox ended with {self._process.returncode}")
            if file.exists() and (text := file.read_text()):
                return int(text)
            time.sleep(0.05)
        self._process.kill()
        raise TimeoutError("Firefox did not listen")

    def _receive(self) -> Any:
        while b":" not in self._unread:
            self._more()
        length, _, rest = self._unread.partition(b":")
        self._unread = rest
        while len(self._unread) < int(length):
            self._more()
        packed, self._unread = self._unread[: int(length)], self._unread[int(length) :]
        return json.loads(packed)

    def _more(self) -> None:
        piece = self._connection.recv(65536)
        if not piece:
            raise RuntimeError("Firefox closed the connection")
        self._unread += piece
