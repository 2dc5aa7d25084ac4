"""A notice as plain values: at most ten responses, how many more there are, and where to read them all."""

from dataclasses import dataclass
from datetime import datetime

#: Responses in one message.
MOST = 10
#: Signs of a visitor's words, and of a page, in a message.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One response. `words` are as the visitor wrote them, cut; empty where there are none or they may not be told."""

    number: int
    score: int
    segment: str
    category: str | None
    site: str
    page: str | None
    words: str
    at: datetime
    link: str | None

    @property
    def head(self) -> str:
        """Everything but the words, in one line: "8 · Passive · Price · shop.example/checkout · Shop"."""
        segment = self.segment.title()
        page = self.page.partition("://")[2] if self.page else None
        return " · ".join(part for part in (str(self.score), segment, self.category, page, self.site) if part)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `name` stays the same however often it is sent; `more` counts the responses that are not shown."""

    name: str
    rule: str
    items: tuple[Item, ...]
    more: int
    link: str | None
    test: bool = False

    @property
    def headline(self) -> str:
        """What a message says first: "3 new responses: Price on checkout"."""
        if self.test:
            return f"A test of “{self.rule}”: messages arrive here."
        count = len(self.items) + self.more
        return f"{count} new response{'s' if count > 1 else ''}: {self.rule}"

    @property
    def rest(self) -> str:
        """What a message says of the responses that it does not show."""
        return f"and {self.more} more" if self.more else ""


def cut(text: str) -> str:
    """A text in one line of at most 200 signs, with a mark where something is missing."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
