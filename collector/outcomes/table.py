"""Counts as lines for a terminal: the pages on which most was shown or opened, and all together."""

from collections import Counter
from collections.abc import Iterator, Mapping

from collector.outcomes.names import OUTCOMES

#: Pages that are shown by themselves.
MOST = 30


def lines(counts: Mapping[str | None, Mapping[str, int]]) -> Iterator[str]:
    """A line of names, one for each of the busiest pages, and one for all pages."""
    total: Counter[str] = Counter()
    for page in counts.values():
        total.update(page)
    busiest = sorted(counts, key=lambda page: (-_weight(counts[page]), page or ""))[:MOST]
    rows = [(page or "(other pages)", counts[page]) for page in busiest] + [("all pages", total)]
    width = max(len(name) for name, _ in rows)
    yield " ".join(["page".ljust(width), *(name.rjust(9) for name in OUTCOMES)])
    for name, row in rows:
        yield " ".join([name.ljust(width), *(f"{row.get(outcome, 0):,}".rjust(9) for outcome in OUTCOMES)])


def _weight(row: Mapping[str, int]) -> int:
    return row.get("shown", 0) + row.get("opened", 0)
