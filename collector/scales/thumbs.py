"""Thumbs: 0 is down, 1 is up. There is no middle, and none is made up."""

from collector.scales.scale import Band, Scale

THUMBS = Scale(
    name="thumbs",
    title="Thumbs, down 0 or up 1",
    bands=(
        Band("down", "low", 0, 0),
        Band("up", "high", 1, 1),
    ),
)
