"""The secret of an installation that was given none: a file beside the embedded database. What losing it ends stands in
docs/settings.md."""

import os
import secrets
from pathlib import Path

from collector.config import Settings, SettingsError


def signing_key(settings: Settings) -> bytes:
    """The key that tokens are made with, and older ones that are still believed, each on a line: the setting's, else those in
    a file beside the embedded database, which is made on first use and readable by its owner only.

    Raises `SettingsError` when the file holds no key."""
    if settings.secret_key is not None:
        return settings.secret_key.encode()
    file = secret_file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _make_key(file)
    keys = file.read_text("ascii").split()
    if not keys or any(len(key) < 32 for key in keys):
        raise SettingsError([f"{file} holds no key. Delete it, and a new one is made; open follow-ups then end."])
    return "\n".join(keys).encode()


def add_key(settings: Settings) -> Path:
    """Puts a new key before those in the file, which stay believed. Returns where it lies."""
    file, known = secret_file(settings), signing_key(settings).decode()
    os.replace(_draft(file, f"{new_secret()}\n{known}\n"), file)
    return file


def new_secret() -> str:
    """A secret that nobody guesses: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def secret_file(settings: Settings) -> Path:
    """Where the generated key lies."""
    return Path(settings.data_dir) / "secret.key"


def _make_key(file: Path) -> None:
    """Writes a new key under another name and links it into place whole: of several processes that start together, one
    is first, and none ever reads a key that is half there."""
    draft = _draft(file, new_secret())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(file: Path, text: str) -> Path:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    return draft
