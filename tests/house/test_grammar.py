"""A file's name says what it may touch. Read off the syntax trees, so that no test can forget to look."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "collector"
FILES = sorted(ROOT.rglob("*.py"))

#: Whole packages and modules that stand at an edge or make the ground.
EDGES = {
    "cli",
    "web",
    "migrations",
    "app.py",
    "worker.py",
    "duties.py",
    "own.py",
    "wsgi.py",
    "server",
    "db",
    "config",
    "clock.py",
    "ids.py",
    "logs.py",
    "__main__.py",
    "providers",
}
WORLD = set(
    """
    os sys socket ssl time random secrets subprocess pathlib tempfile shutil asyncio threading
    urllib.request importlib multiprocessing concurrent http smtplib logging sqlite3 sched signal webbrowser
    """.split()
)
LIBRARIES = {
    "flask",
    "flask_cors",
    "werkzeug",
    "sqlalchemy",
    "alembic",
    "marshmallow",
    "uvicorn",
    "httptools",
    "a2wsgi",
    "structlog",
    "click",
    "redis",
}
#: What a file of this name may touch beside pure code.
MAY = {
    "models.py": {"sqlalchemy"},
    "queries.py": {"sqlalchemy"},
    "actions.py": {"sqlalchemy"},
    "schemas.py": {"marshmallow"},
    "api.py": {"flask", "time"},
    "pages.py": {"flask"},
    "jobs.py": set(),
}
#: Pure files that may do one thing more, each with its reason.
EXCEPTIONS = {
    "accounts/turns.py": {"threading"},  # who hashes a password now, and nothing outside
    "intake/committer.py": {"threading", "time"},  # a queue and a lock, and nothing outside
    "intake/cache.py": {"threading"},
    "intake/limits.py": {"threading"},
    "intake/admission.py": {"random"},  # not all who are sent away come again at the same second
    "reaching/wording.py": {"importlib"},
    "sms/zones.py": {"importlib"},  # the table that comes with the time zones
    "surveys/wording.py": {"importlib"},  # data of the program, read once like code
    "questions/__init__.py": {"importlib"},
    "widget/built.py": {"importlib"},  # the same
    "exports/api.py": {"urllib", "threading"},
    "outbound/client.py": {"socket", "ssl", "threading", "time"},  # the one way out, which its whole package is about
    "moving/jobs.py": {"sqlalchemy"},  # goes through tables that it does not know, and says what a database refuses
}
#: Parts of the house that a pure file may not know.
WORLDLY_PARTS = {
    "models",
    "queries",
    "actions",
    "schemas",
    "api",
    "pages",
    "jobs",
    "web",
    "db",
    "config",
    "clock",
    "logs",
}
#: Where a session is what somebody is signed in with. A handle of the database is `tx` everywhere.
SIGNED_IN = {"accounts", "guards.py"}
TRANSACTIONS = {"reading", "writing", "connection"}
CLOCK_CALLS = {"now", "utcnow", "today", "time", "monotonic", "uuid1", "uuid4", "uuid7"}


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _edge(path: Path) -> bool:
    return bool(EDGES & set(path.relative_to(ROOT).parts))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def _of_tx(called: ast.Attribute) -> bool:
    """`tx.connection()` is the connection of a transaction that is open already."""
    return isinstance(called.value, ast.Name) and called.value.id == "tx"


def _faults(path: Path, source: str) -> list[str]:
    tree = ast.parse(source)
    allowed = MAY.get(path.name, set()) | EXCEPTIONS.get("/".join(path.parts[-2:]), set())
    pure = path.name not in MAY
    faults = []
    for name in _imports(tree):
        first = name.split(".")[0]
        if {first, name} & ((WORLD | LIBRARIES) - allowed):
            faults.append(f"imports {name}")
        if pure and first == "collector" and WORLDLY_PARTS & set(name.split(".")[1:]):
            faults.append(f"imports {name}")
        if path.name in {"queries.py", "actions.py", "models.py", "schemas.py"} and name == "collector.clock":
            faults.append("reads the clock")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in {"open", "print", "input", "eval", "exec", "__import__"}:
                faults.append(f"calls {called.id}")
            if (
                isinstance(called, ast.Attribute)
                and called.attr in CLOCK_CALLS
                and path.name not in {"api.py", "pages.py"}
            ):
                faults.append(f"calls {called.attr}")
            if isinstance(called, ast.Attribute) and called.attr == "commit":
                faults.append("commits")
            if isinstance(called, ast.Attribute) and called.attr in TRANSACTIONS and not _of_tx(called) and path.name not in {
                "api.py", "pages.py", "jobs.py",
            }:  # fmt: skip
                faults.append("opens a transaction")
            if isinstance(called, ast.Name) and called.id == "relationship":
                faults.append("ties rows by relationship()")
    return faults


@pytest.mark.parametrize("path", [path for path in FILES if not _edge(path)], ids=_id)
def test_a_file_touches_what_its_name_allows(path: Path):
    assert _faults(path, path.read_text()) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("choose.py", "from flask import request"),
        ("plan.py", "from collector.clock import now"),
        ("plan.py", "from datetime import datetime\nx = datetime.now()"),
        ("plan.py", "from collector.sites.queries import sites"),
        ("state.py", "def f(tx):\n    import sqlalchemy"),
        ("queries.py", "from flask import g"),
        ("actions.py", "def f(tx):\n    tx.commit()"),
        ("actions.py", "def f(database):\n    with database.writing() as tx:\n        pass"),
        ("schemas.py", "from sqlalchemy import select"),
        ("fill.py", "open('x')"),
        ("plan.py", "import threading"),
        ("plan.py", "import urllib.request"),
        ("plan.py", "from uuid import UUID\nimport uuid\nx = uuid.uuid4()"),
        ("plan.py", "from importlib.resources import files"),
        ("state.py", "def f(database):\n    with database.connection() as tx:\n        pass"),
    ],
)
def test_the_rule_finds_what_breaks_it(name: str, source: str):
    assert _faults(Path(name), source)


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_names_and_words(path: Path):
    """No drawers; Flask's class never goes by the name of what a person submitted; the login cookie keeps its word."""
    tree = ast.parse(path.read_text())
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("flask", "werkzeug")):
            assert all((alias.asname or alias.name) != "Response" for alias in node.names)
        if isinstance(node, ast.arg | ast.Name):
            name = node.arg if isinstance(node, ast.arg) else node.id
            assert name not in {"db_session", "feedback"} | ({"session"} if not SIGNED_IN & set(path.parts) else set())


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_modules_and_public_functions_say_what_they_promise(path: Path):
    tree = ast.parse(path.read_text())
    silent = [] if ast.get_docstring(tree) else ["the module"]
    inherited = {
        "process_bind_param",
        "process_result_value",
        "load_dialect_impl",
        "upgrade",
        "downgrade",
        "parse_header",
    }
    for node in tree.body + [
        inner
        for cls in tree.body
        if isinstance(cls, ast.ClassDef) and not cls.name.startswith("_")
        for inner in cls.body
    ]:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and node.name not in inherited | {"Meta"}
            and not ast.get_docstring(node)
        ):
            silent.append(node.name)
    if path.name == "problems.py":
        silent = [name for name in silent if not name[0].isupper()]  # a problem's title says it
    assert silent == []


def test_every_model_is_known_to_the_migrations():
    found = {path.parent.name for path in ROOT.rglob("models.py")}
    from collector.migrations.tables import MODELS  # noqa: PLC0415 - what is tested

    assert {module.__name__.split(".")[1] for module in MODELS} == found
