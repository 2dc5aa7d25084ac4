"""What stands beside the collectors of an installation with many nodes: PgBouncer, Redis and HAProxy, each a process of the
distribution's own program, with its files in a temporary folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from tests.servers.postgres import Postgres, other_user

#: Below those that systems give to whoever asks for any, from another place in each process of a test run.
_PORTS = islice(cycle(range(20_000, 32_000)), os.getpid() * 97 % 12_000, None)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, nor is given by the system until somebody does."""
    return list(islice(filter(_is_free, _PORTS), count))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


class Neighbour:
    """A running program, named by the variable `TEST_<NAME>`, that listens on `port`."""

    name = ""

    def __init__(self, port: int | None = None) -> None:
        program = os.environ.get(f"TEST_{self.name}")
        if not program:
            raise RuntimeError(f"TEST_{self.name} must name the program; 'python3 dev.py test' sets it")
        self._program = program
        self._user = other_user()
        self.port = port or free_ports(1)[0]
        self.folder = Path(tempfile.mkdtemp(prefix="lw-", dir="/tmp" if os.path.isdir("/tmp") else None))
        if self._user:
            shutil.chown(self.folder, self._user)
        self.start()

    def arguments(self) -> Sequence[str]:
        """The arguments that the program is started with; its files are written here."""
        raise NotImplementedError

    def start(self) -> None:
        """Starts the program and waits until it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *self.arguments()],
                user=self._user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + 60
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        self._process.kill()
        raise RuntimeError(f"{self._program} did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """Kills the program as a crash would."""
        self._process.kill()
        self._process.wait(30)

    def remove(self) -> None:
        """Kills the program and deletes its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis(Neighbour):
    """A Redis that forgets everything when it ends."""

    name = "REDIS"

    def arguments(self) -> Sequence[str]:
        """Nothing is kept on disk."""
        return ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    @property
    def url(self) -> str:
        """The address for `LUKEWARM_REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"


class PgBouncer(Neighbour):
    """A PgBouncer that pools transactions in front of a cluster, set up with what it cannot do without. `more` are lines for
    its settings."""

    name = "PGBOUNCER"

    def __init__(self, postgres: Postgres, *more: str) -> None:
        self._postgres = postgres
        self._more = more
        super().__init__()

    def arguments(self) -> Sequence[str]:
        """Its settings, as short as they can be."""
        lines = [
            "[databases]",
            f"* = host={self._postgres.folder}",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = trust",
            f"auth_file = {self.folder / 'users'}",
            "pool_mode = transaction",
            "default_pool_size = 6",
            "max_client_conn = 200",
            *self._more,
        ]
        (self.folder / "users").write_text('"lukewarm" ""\n"plain" ""\n')
        file = self.folder / "pgbouncer.ini"
        file.write_text("\n".join(lines) + "\n")
        return [str(file)]

    def url(self, database: str) -> str:
        """The address of a database behind it."""
        return f"postgresql+psycopg://lukewarm@127.0.0.1:{self.port}/{database}"


class Proxy(Neighbour):
    """An HAProxy in front of collectors, with the settings that `docs/scale.md` gives: `settings` is that text, `nodes` the
    ports of the collectors."""

    name = "HAPROXY"

    def __init__(self, settings: str, nodes: Sequence[int]) -> None:
        self._settings = settings
        self._nodes = nodes
        super().__init__()

    def arguments(self) -> Sequence[str]:
        """The documented settings, with the addresses of this machine."""
        lines = []
        for line in self._settings.splitlines():
            if line.strip().startswith("bind "):
                line = f"  bind 127.0.0.1:{self.port}"
            if line.strip().startswith("server "):
                continue
            lines.append(line)
        # The last section is the one with the collectors.
        lines += [f"  server node{number} 127.0.0.1:{port}" for number, port in enumerate(self._nodes)]
        file = self.folder / "haproxy.cfg"
        file.write_text("\n".join(lines) + "\n")
        return ["-db", "-f", str(file)]
