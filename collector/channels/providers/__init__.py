"""The services that take messages, one file each."""

from pathlib import Path

from collector.channels.delivery import Provider
from collector.channels.providers.folder import Folder
from collector.channels.providers.smtp import Smtp


def providers_for(smtp_url: str | None, folder: Path | None, sender: str | None) -> dict[str, Provider]:
    """The provider of each channel that the settings open. A folder takes what would go to a mail server."""
    if sender is None:
        return {}
    if folder is not None:
        return {"email": Folder(folder)}
    return {"email": Smtp(smtp_url, sender)} if smtp_url is not None else {}
