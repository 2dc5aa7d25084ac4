"""Workers in processes of their own that are killed while they speak with a mail server."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from aiosmtpd.smtp import SMTP
from sqlalchemy import select, update

from collector import clock
from collector.channels.providers.smtp import Smtp
from collector.cli import main
from collector.db import Database
from collector.outbox.models import EntryRow
from collector.reaching.outward import Outward
from collector.worker import Worker
from tests.servers.mail import MailServer

KEY = "a key for tests that is long enough to be one"
SENDER = "ask@example.com"
ROOT = "https://ask.example.com"

# Forked from one in which everything is imported, which takes longer than all that the worker then does.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


def _work_once(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    main(["work", "--once"])


@dataclass
class WorkerProcess:
    """An installation whose worker is a process of its own."""

    database: Database
    folder: Path
    server: MailServer
    _worker: ForkServerProcess | None = None

    def kill(self, _server: SMTP) -> None:
        """Kills the worker, as a crash would."""
        assert self._worker is not None
        assert self._worker.pid is not None
        os.kill(self._worker.pid, signal.SIGKILL)
        wait([self._worker.sentinel], 20)

    def work(self) -> int:
        """Runs a worker in a process of its own until nothing is due or it is killed, and returns its exit code."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("LUKEWARM_")} | {
            "LUKEWARM_DATA_DIR": str(self.folder),
            "LUKEWARM_DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "LUKEWARM_SECRET_KEY": KEY,
            "LUKEWARM_SMTP_URL": f"smtp://127.0.0.1:{self.server.port}?tls=off",
            "LUKEWARM_MAIL_FROM": SENDER,
            "LUKEWARM_PUBLIC_URL": ROOT,
            "LUKEWARM_LOG_LEVEL": "error",
        }
        self._worker = _PROCESSES.Process(target=_work_once, args=(environ,))
        self._worker.start()
        self._worker.join(60)
        assert self._worker.exitcode is not None, "the worker does not end"
        return self._worker.exitcode

    def recover(self) -> None:
        """Does what is due in this process, after the leases of workers that were killed are over."""
        with self.database.writing() as tx:
            tx.execute(update(EntryRow).where(EntryRow.state == "held").values(lease_until=clock.now()))
        url = f"smtp://127.0.0.1:{self.server.port}?tls=off"
        outward = Outward({"email": Smtp(url, SENDER)}, SENDER, ROOT, KEY.encode())
        worker = Worker(self.database, clock.now, outward)
        while worker.run_once():
            pass

    def waiting(self, kind: str) -> int:
        """Orders of a kind that still stand."""
        with self.database.reading() as tx:
            return len(tx.scalars(select(EntryRow.id).where(EntryRow.kind == kind)).all())
