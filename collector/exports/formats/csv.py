"""CSV after RFC 4180, with cells that a spreadsheet would run as a formula made harmless (ASVS 5.0, 1.2.10)."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from collector.exports.columns import COLUMNS, Value

#: A cell that starts with one of these may be run: by the sign itself, after white space that is cut, or in full width.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(rows: Iterable[dict[str, Value]], byte_order_mark: bool) -> Iterator[str]:
    """The header line, then a line for each row. With `byte_order_mark`, the first piece starts with U+FEFF, which some
    spreadsheets need to see that the file is UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    if byte_order_mark:
        line.write("\ufeff")
    writer.writerow(COLUMNS)
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([cell(_whole(name, value)) for name, value in row.items()])
        yield line.getvalue()


def _whole(name: str, value: Value) -> Value:
    # A tag may be of several words, so a space would not part it from the next one.
    return "; ".join(value) if name == "tags" and isinstance(value, list) else value


def cell(value: Value) -> str | int | float:
    """A value as a cell. A text that a spreadsheet might run is led by an apostrophe, which spreadsheets do not show;
    JSON Lines carries the text untouched."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _text(value) if value is not None else ""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_RUNS) else text


def _text(value: str | bool | list[str] | Mapping[str, object]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(value)
    return "" if value == {} else json.dumps(value, ensure_ascii=False)
