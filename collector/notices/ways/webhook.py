"""A message for programs: plain JSON with nothing escaped. Whoever shows a visitor's words has to."""

from collector.notices.notice import Item, Notice


def webhook(notice: Notice) -> dict[str, object]:
    """The body to post; `docs/notices.md` says what each field is."""
    data: dict[str, object] = {
        "rule": notice.rule,
        "count": len(notice.items) + notice.more,
        "responses": [_item(item) for item in notice.items],
        "more": notice.more,
        "link": notice.link,
    }
    return {"type": "notice.test" if notice.test else "notice.told", "data": data}


def _item(item: Item) -> dict[str, object]:
    return {
        "number": item.number,
        "received_at": item.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "site": item.site,
        "score": item.score,
        "segment": item.segment,
        "category": item.category,
        "page": item.page,
        "words": item.words,
        "link": item.link,
    }
