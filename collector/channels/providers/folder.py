"""Mail that goes nowhere: each message is a file, for looking at it while developing."""

import os
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from collector.channels.delivery import Outcome


class Folder:
    """Writes messages into a folder as `.eml` files, named by their Message-ID."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Writes one message. A folder that cannot be written to is a server that is not ready."""
        name = "".join(sign for sign in message["Message-ID"].partition("@")[0] if sign.isalnum())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._folder / f".{name}.part"
            unfinished.write_bytes(message.as_bytes())
            os.replace(unfinished, self._folder / f"{name}.eml")
        except OSError:
            return Outcome("deferred", "folder")
        return Outcome("sent", "folder")

    def rest(self) -> None:
        """Keeps nothing open."""


def written(folder: Path) -> list[tuple[str, EmailMessage]]:
    """Name and message of all that was written into a folder, the latest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [(file.stem, message_from_bytes(file.read_bytes(), policy=policy.default)) for file in files]
