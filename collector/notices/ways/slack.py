"""A message for Slack's incoming webhooks (Block Kit; "Formatting message text").

Only `&`, `<` and `>` begin what could call people or lead away; `verbatim` keeps the rest from being made into links and
mentions, and so does a sign of no width where a program does not know `verbatim`. Stars and underscores stay: bold harms
nobody."""

import re

from collector.notices.notice import Item, Notice

_CALLS = re.compile(r"(?<=[@#:])")
_GAP = "\N{ZERO WIDTH SPACE}"


def slack(notice: Notice) -> dict[str, object]:
    """The body to post. `text` is what a phone shows of the message; no visitor's words are in it."""
    blocks = [_section(f"*{escaped(notice.headline)}*"), *(_section(_item(item)) for item in notice.items)]
    rest = " · ".join(part for part in (notice.rest, _link(notice.link, "Open the inbox")) if part)
    if rest:
        blocks.append(_section(rest))
    return {"text": escaped(notice.headline), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def escaped(text: str) -> str:
    """A text that Slack shows as it is."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub(_GAP, plain)


def _item(item: Item) -> str:
    head = escaped(item.head)
    line = _link(item.link, head) or head
    return f"{line}\n> {escaped(item.words)}" if item.words else line


def _link(address: str | None, text: str) -> str:
    return f"<{address.replace('&', '&amp;')}|{text}>" if address else ""


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
