"""Customer effort, second form: 1 to 7, agreement with "made it easy". 5 and above agree, 4 neither agrees nor disagrees."""

from collector.scales.scale import Band, Scale

CES = Scale(
    name="ces",
    title="Ease, 1 to 7",
    bands=(
        Band("difficult", "low", 1, 3),
        Band("undecided", "middle", 4, 4),
        Band("easy", "high", 5, 7),
    ),
)
