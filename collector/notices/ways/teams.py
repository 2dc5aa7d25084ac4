"""A message for a workflow of Microsoft Teams that takes posts: an adaptive card.

Texts stand in runs (`TextRun`), which know no Markdown, and mentions need a list of their own in the card, which there is
not: nothing has to be escaped."""

from collector.notices.notice import Item, Notice


def teams(notice: Notice) -> dict[str, object]:
    """The body to post."""
    body = [_block([{"text": notice.headline, "weight": "Bolder", "size": "Medium"}])]
    body += [_item(item) for item in notice.items]
    if notice.rest:
        body.append(_block([{"text": notice.rest, "isSubtle": True}]))
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
    }
    if notice.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the inbox", "url": notice.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _item(item: Item) -> dict[str, object]:
    head: dict[str, object] = {"text": item.head, "weight": "Bolder"}
    if item.link:
        head["selectAction"] = {"type": "Action.OpenUrl", "url": item.link}
    lines = [_block([head])]
    if item.words:
        lines.append(_block([{"text": item.words}]))
    return {"type": "Container", "separator": True, "items": lines}


def _block(runs: list[dict[str, object]]) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
