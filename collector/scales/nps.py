"""Net Promoter: 0 to 10. The only scale whose middle band may be called Passive (Reichheld, "The One Number You Need
to Grow", Harvard Business Review, December 2003)."""

from collector.scales.scale import Band, Scale

NPS = Scale(
    name="nps",
    title="Likelihood to recommend, 0 to 10",
    bands=(
        Band("detractor", "low", 0, 6),
        Band("passive", "middle", 7, 8),
        Band("promoter", "high", 9, 10),
    ),
)
