"""What is shown of a page's address, and whether a browser may be sent there."""

from urllib.parse import urlsplit


def path_of(page: str | None) -> str:
    """The path, for a line of the list; empty without a page."""
    if not page:
        return ""
    try:
        parts = urlsplit(page)
    except ValueError:
        return page
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def link_of(page: str | None) -> str | None:
    """The address if it is http or https; a link of another kind could run."""
    return page if page is not None and page.startswith(("https://", "http://")) else None
