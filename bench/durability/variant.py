"""The collector on another SQLite than it chooses:

    variant.py JOURNAL SYNCHRONOUS serve ...

JOURNAL is `wal`, or `rollback` for a Python where only an older SQLite is to be had. SYNCHRONOUS is `kept`, or what the
database is set to behind the collector's back: `off` never syncs, `full` with the rollback journal does not sync its removal.
Either breaks the promise, and the measurement of power cuts has to notice."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.pool import Pool

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
JOURNAL, SYNCHRONOUS = sys.argv[1:3]
del sys.argv[1:3]
if JOURNAL == "rollback":
    sys.modules["pysqlite3"] = cast(ModuleType, None)  # an import of it fails, as where it is not installed

from collector.cli import main  # noqa: E402 - only now is the mended SQLite out of sight


def _weaken(connection: Any, _record: object, _proxy: object) -> None:
    # After the collector's own setting, which is made once for a connection.
    connection.execute(f"pragma synchronous = {SYNCHRONOUS}")


if __name__ == "__main__":
    if SYNCHRONOUS != "kept":
        event.listen(Pool, "checkout", _weaken)
    main()
