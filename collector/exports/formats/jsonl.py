"""JSON Lines: one object a line, UTF-8, every column named, texts as they are."""

import json
from collections.abc import Iterable, Iterator

from collector.exports.columns import Value


def write_jsonl(rows: Iterable[dict[str, Value]], byte_order_mark: bool) -> Iterator[str]:
    """A line for each row. RFC 8259 (section 8.1) forbids a byte-order mark in JSON, so none is written."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
