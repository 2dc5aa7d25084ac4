"""Customer satisfaction: 1 to 5. Its middle is neutral, not Passive: nobody was asked whether they would recommend."""

from collector.scales.scale import Band, Scale

CSAT = Scale(
    name="csat",
    title="Satisfaction, 1 to 5",
    bands=(
        Band("dissatisfied", "low", 1, 2),
        Band("neutral", "middle", 3, 3),
        Band("satisfied", "high", 4, 5),
    ),
)
