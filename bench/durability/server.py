"""The collector under test: processes of their own that can be killed as a whole and started again on the same data."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.servers.live import command

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a key for measurements that is long enough"
SERVE = ("-m", "collector", "serve")


class Server:
    """A collector with its data in `folder` unless `settings` name another database. `program` is what Python runs instead
    of `serve`, `environment` what only the serving process sees. What it logs goes to `log`, outside the data folder."""

    def __init__(
        self,
        folder: Path,
        log: Path,
        settings: Mapping[str, str] | None = None,
        *,
        program: Sequence[str] = SERVE,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = 0
        self._log = log
        self._program = program
        self._extra = dict(environment or {})
        self._settings = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
        # All visitors come from one address; how many of them are let in is another measurement's affair.
        self._settings |= {f"LUKEWARM_{name}_LIMIT": "0" for name in ("NETWORK", "SITE", "TOTAL")}
        self._settings |= {"LUKEWARM_SECRET_KEY": SECRET, "LUKEWARM_LOG_LEVEL": "warning", **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database's address, as SQLAlchemy writes it."""
        return self._settings.get("LUKEWARM_DATABASE_URL", f"sqlite:///{self.folder / 'lukewarm.db'}")

    def start(self) -> None:
        """Starts it and returns when it is ready. Raises `RuntimeError` with its log when it is not within a minute."""
        self.begin()
        assert self._process is not None
        give_up = time.monotonic() + 60
        while not self._ready():
            if time.monotonic() > give_up or self._process.poll() is not None:
                self.kill()
                raise RuntimeError(f"the collector did not start:\n{self._log.read_text('utf-8', 'replace')[-4000:]}")
            time.sleep(0.01)

    def begin(self) -> None:
        """Starts it and does not wait."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._program, "--port", str(self.port)],
                cwd=ROOT,
                env=self._environ | self._extra,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kills all its processes, as a crash would. Returns when they are gone."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)
            self._process = None

    def command(self, *arguments: str) -> str:
        """Runs a `lukewarm` command on the same installation and returns what it printed."""
        return command(self._environ, *arguments)

    @property
    def _environ(self) -> dict[str, Any]:
        return self._settings | {"LUKEWARM_DATA_DIR": str(self.folder)}

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # ended by itself
            os.killpg(self._process.pid, number)

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
