"""A site's numbers with and without what is set aside."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.scales import SCALES


@dataclass(frozen=True, slots=True)
class Recount:
    """How many responses of a segment there are on a scale: all of them, those that are not set aside, and those of these
    that are not of the wave."""

    scale: str
    segment: str
    every: int
    kept: int
    rest: int


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of one scale, each line with what it is called and three figures: all, without what is set aside, and without
    the wave as well. `net` is the net score of each in points, on the scale that has one."""

    scale: str
    lines: tuple[tuple[str, int, int, int], ...]
    total: tuple[int, int, int]
    net: tuple[int | None, int | None, int | None] | None


def tables(counted: Sequence[Recount]) -> list[Table]:
    """The numbers by scale, segments from low to high."""
    return [_table(scale, [one for one in counted if one.scale == scale]) for scale in SCALES if _has(counted, scale)]


def net_score(low: int, high: int, whole: int) -> int | None:
    """Promoters minus detractors in points of a hundred; `None` where there is nobody."""
    return round(100 * (high - low) / whole) if whole else None


def _has(counted: Sequence[Recount], scale: str) -> bool:
    return any(one.scale == scale for one in counted)


def _table(scale: str, counted: Sequence[Recount]) -> Table:
    found = {one.segment: (one.every, one.kept, one.rest) for one in counted}
    lines = [(band.segment, *found.get(band.segment, (0, 0, 0))) for band in SCALES[scale].bands]
    total = (sum(line[1] for line in lines), sum(line[2] for line in lines), sum(line[3] for line in lines))
    low, high = lines[0], lines[-1]
    net = (
        net_score(low[1], high[1], total[0]),
        net_score(low[2], high[2], total[1]),
        net_score(low[3], high[3], total[2]),
    )
    return Table(scale, tuple(lines), total, net if scale == "nps" else None)
