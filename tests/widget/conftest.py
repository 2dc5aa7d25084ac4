"""What is served here is the same whatever lies below it, so one database is enough."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    file = tmp_path / "lukewarm.db"
    shutil.copy(empty_sqlite, file)
    return f"sqlite:///{file}"
