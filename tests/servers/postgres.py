"""A real PostgreSQL of the test run's own: a fresh cluster in a temporary folder, reached over a socket in it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

#: Bytes that the clusters of a test run may come to take in memory.
_ROOM = 4 * 1024**3


class Postgres:
    """A running cluster. Unless `durable`, it is not synced to disk, because it is thrown away. It lies in `place`, where a
    short one is given."""

    def __init__(self, folder: Path, *, durable: bool = False, place: Path | None = None) -> None:
        binaries = os.environ.get("TEST_POSTGRESQL")
        if not binaries:
            raise RuntimeError("TEST_POSTGRESQL must name the folder with initdb; 'python3 dev.py test' sets it")
        self._binaries = Path(binaries)
        self.user = other_user()
        self._fsync = "on" if durable else "off"
        self.folder = Path(tempfile.mkdtemp(prefix="lw-", dir=place or _place(folder, durable)))
        if self.user:
            shutil.chown(self.folder, self.user)
        self._data = self.folder / "data"
        self._call("initdb", "-D", str(self._data), "-U", "lukewarm", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.start()

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        options += f" -c fsync={self._fsync} -c max_connections=60"
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "-t", "60", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops the server: `fast`, or `immediate`, as if it had crashed."""
        self._call("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def remove(self) -> None:
        """Stops the server and deletes all of it."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, database: str, script: Path) -> None:
        """Runs a script as an operator does, with psql; the first error ends it."""
        where = ["-h", str(self.folder), "-U", "lukewarm", "-d", database]
        options = ["-v", "ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "-f", str(script)]
        done = subprocess.run(
            [str(self._binaries / "psql"), *where, *options], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{script.name} failed: {done.stderr}")

    def url(self, database: str) -> str:
        """The address of a database in the cluster."""
        return f"postgresql+psycopg://lukewarm@/{database}?host={self.folder}"

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program} failed: {log.read_text() if log.exists() else done.returncode}")


def other_user() -> str | None:
    """PostgreSQL refuses to run as root; the distribution's own user serves, else nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("no user to run PostgreSQL as")


def _place(folder: Path, durable: bool) -> Path:
    """Where a cluster lies. A socket's path may have 107 bytes, which the test run's own folders can be longer than. What need
    not survive lies in memory where there is room: a new database takes 30 ms there and 280 ms on a disk."""
    memory = Path("/dev/shm")
    if not durable and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        return memory
    return Path("/tmp") if os.path.isdir("/tmp") else folder
