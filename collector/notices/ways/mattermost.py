"""A message for Mattermost's incoming webhooks, which read Markdown (CommonMark) and mentions.

A backslash takes a sign's meaning. It does not keep `@channel` from calling everybody, nor an address from becoming a link:
a sign of no width does."""

import re

from collector.notices.notice import Item, Notice

_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!|<>~$^=&-])")
_CALLS = re.compile(r"(?<=[@:~])|(?<=www)", re.IGNORECASE)
_GAP = "\N{ZERO WIDTH SPACE}"


def mattermost(notice: Notice) -> dict[str, object]:
    """The body to post."""
    lines = [f"**{escaped(notice.headline)}**", *(_item(item) for item in notice.items)]
    rest = " · ".join(part for part in (notice.rest, _link(notice.link, "Open the inbox")) if part)
    return {"text": "\n\n".join([*lines, rest] if rest else lines)}


def escaped(text: str) -> str:
    """A text that Mattermost shows as it is."""
    return _MARKS.sub(r"\\\1", _CALLS.sub(_GAP, text))


def _item(item: Item) -> str:
    head = escaped(item.head)
    line = _link(item.link, head) or head
    return f"{line}\n> {escaped(item.words)}" if item.words else line


def _link(address: str | None, text: str) -> str:
    return f"[{text}]({address})" if address else ""
