"""The services that take messages, one file each."""

from pathlib import Path

from collector.channels.delivery import Provider
from collector.channels.providers.folder import Folder
from collector.channels.providers.smtp import Smtp
from collector.channels.providers.twilio import Twilio


def providers_for(smtp_url: str | None, folder: Path | None, sender: str | None) -> dict[str, Provider]:
    """The provider of e-mail, if the settings open it. A folder takes what would go to a mail server."""
    if sender is None:
        return {}
    if folder is not None:
        return {"email": Folder(folder)}
    return {"email": Smtp(smtp_url, sender)} if smtp_url is not None else {}


def text_providers_for(url: str | None, sender: str | None) -> dict[str, Provider]:
    """The provider of SMS, if the settings open it."""
    return {"sms": Twilio(url, sender)} if url is not None and sender is not None else {}
