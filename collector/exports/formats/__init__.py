"""The forms in which rows leave. `FORMATS` is the whole list; a new one is a file here and a line below."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from collector.exports.columns import Value
from collector.exports.formats.csv import write_csv
from collector.exports.formats.jsonl import write_jsonl

Rows = Iterable[dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its ending, its media type, and how rows become pieces of text, one at a time."""

    name: str
    media_type: str
    write: Callable[[Rows, bool], Iterator[str]]


FORMATS: dict[str, Format] = {
    item.name: item
    for item in (
        Format("csv", "text/csv; charset=utf-8", write_csv),
        Format("jsonl", "application/jsonl; charset=utf-8", write_jsonl),
    )
}
