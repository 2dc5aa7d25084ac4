"""What visitors send in the benchmarks: comments, pages, scores and categories in every combination, one body a line, for
`load.c`, which puts a fresh id where the mark is."""

import itertools
import json
from collections.abc import Iterable

#: `load.c` looks for this and puts a fresh UUIDv7 in its place.
MARK = "00000000-0000-0000-0000-000000000000"
COMMENT = (
    "The export button is hard to find on the report page; I looked for it under {place} before I saw it in the menu at "
    "the top right. Otherwise the product does what we need it to."
)
PLACES = ("settings", "sharing", "the report", "my account", "help", "the toolbar", "filters", "downloads")
CATEGORIES = ("usability", "bug", "suggestion", "price")


def submissions(origin: str) -> str:
    """Submissions as the widget sends them."""
    return lines(
        {
            "id": MARK,
            "score": score,
            "category": category,
            "comment": COMMENT.format(place=place),
            "page": f"{origin}/reports/{place.replace(' ', '-')}?tab=summary",
            "language": "en",
        }
        for place, category, score in itertools.product(PLACES, CATEGORIES, range(11))
    )


def isso_comments(origin: str) -> str:
    """The same texts as Isso's own client sends them. Isso knows neither ids nor scores; both go into the text."""
    return lines(
        {"text": f"{score}: {COMMENT.format(place=place)} {MARK}", "author": "Visitor", "email": None, "title": origin}
        for place, score in itertools.product(PLACES, range(11))
    )


def lines(bodies: Iterable[dict[str, object]]) -> str:
    """One body a line."""
    return "".join(json.dumps(body) + "\n" for body in bodies)
