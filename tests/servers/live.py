"""The collector as its users run it: a process of its own, `python -m collector serve`, on a free port."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from collector.cli import main

#: Tests send from one address as fast as they can.
UNLIMITED = {f"LUKEWARM_{name}_LIMIT": "0" for name in ("NETWORK", "SITE", "TOTAL", "READ", "KEY")}


def command(environ: Mapping[str, str], *arguments: str) -> str:
    """Runs a `lukewarm` command that ends by itself, in this process, and returns what it printed. Raises `RuntimeError` with
    its complaint."""
    done = CliRunner().invoke(main, arguments, env=environ)
    if done.exit_code:
        raise RuntimeError(f"lukewarm {' '.join(arguments)}: {done.stderr}") from done.exception
    return done.stdout


class Live:
    """A running collector. `lines` holds what it logged, `root` where it listens."""

    def __init__(self, data_dir: Path, *options: str, **settings: str) -> None:
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")}
        self.environ |= {
            "LUKEWARM_DATA_DIR": str(data_dir),
            "LUKEWARM_CONFIGURATION_MAX_AGE": "0",
            **UNLIMITED,
            **settings,
        }
        self.lines: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "collector", "serve", "--port", "0", *options],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.root = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(120) or not self.root:
            self.kill()
            raise RuntimeError("the collector did not start:\n" + "".join(self.lines))

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.root.rsplit(":", 1)[1])

    def command(self, *arguments: str) -> str:
        """Runs a `lukewarm` command on the same installation and returns what it printed."""
        return command(self.environ, *arguments)

    def stop(self) -> int:
        """Asks the process to stop and returns its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._gone()

    def kill(self) -> int:
        """Kills the process as a crash would."""
        self._process.kill()
        return self._gone()

    def _gone(self) -> int:
        code = self._process.wait(120)
        self._reader.join(10)
        if self._process.stdout:
            self._process.stdout.close()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            if found := re.search(r"listening on (http://\S+)", line):
                self.root = found[1]
                self._ready.set()
        self._ready.set()
