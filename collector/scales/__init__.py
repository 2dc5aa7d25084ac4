"""How a score is read. `SCALES` is the whole list; a new scale is a file here and a line below."""

from collector.scales.ces import CES
from collector.scales.csat import CSAT
from collector.scales.nps import NPS
from collector.scales.scale import Band, Place, Scale
from collector.scales.thumbs import THUMBS

SCALES: dict[str, Scale] = {scale.name: scale for scale in (NPS, CSAT, CES, THUMBS)}

SEGMENTS: tuple[str, ...] = tuple(band.segment for scale in SCALES.values() for band in scale.bands)

__all__ = ["SCALES", "SEGMENTS", "Band", "Place", "Scale"]
