"""What a scale is: its bounds, and the bands that name a run of scores. Decides nothing about people; it only reads numbers."""

from dataclasses import dataclass
from typing import Literal

Place = Literal["low", "middle", "high"]


@dataclass(frozen=True, slots=True)
class Band:
    """A run of scores with the segment's name and its place on the scale, bounds included."""

    segment: str
    place: Place
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Scale:
    """One way of reading a score. `bands` cover `lowest` to `highest` without a gap, in rising order."""

    name: str
    title: str
    bands: tuple[Band, ...]

    @property
    def lowest(self) -> int:
        """The smallest score the scale knows; on several scales this is 0, which is a score like any other."""
        return self.bands[0].lowest

    @property
    def highest(self) -> int:
        """The largest score the scale knows."""
        return self.bands[-1].highest

    @property
    def steps(self) -> int:
        """How many scores there are to choose from."""
        return self.highest - self.lowest + 1

    def band(self, score: int) -> Band:
        """The band that holds `score`. Raises `ValueError` when the score is off the scale."""
        for band in self.bands:
            if band.lowest <= score <= band.highest:
                return band
        raise ValueError(f"{score} is not on the scale {self.name}, which runs from {self.lowest} to {self.highest}")
