"""The secret of an installation that was given none: a file beside the embedded database. What losing it ends stands in
docs/settings.md."""

import os
import secrets
from pathlib import Path

from collector.config import Settings, SettingsError


def signing_key(settings: Settings) -> bytes:
    """The key that tokens are made with: the setting's, else one that lies beside the embedded database, made on first
    use and readable by its owner only.

    Raises `SettingsError` when the file holds no key."""
    if settings.secret_key is not None:
        return settings.secret_key.encode()
    file = secret_file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _make_key(file)
    key = file.read_text("ascii").strip()
    if len(key) < 32:
        raise SettingsError([f"{file} holds no key. Delete it, and a new one is made; open follow-ups then end."])
    return key.encode()


def secret_file(settings: Settings) -> Path:
    """Where the generated key lies."""
    return Path(settings.data_dir) / "secret.key"


def _make_key(file: Path) -> None:
    """Writes a new key under another name and links it into place whole: of several processes that start together, one
    is first, and none ever reads a key that is half there."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
        new.write(secrets.token_hex(32))
        new.flush()
        os.fsync(new.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
