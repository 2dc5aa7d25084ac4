"""Whether a number of responses is unusual for a site, and where such a run begins and ends.

How many come in a time is taken to be negative binomial: a Poisson count whose rate varies, as visitors come in bursts. Its
mean is the median of what came in the same hour of the day, the hours beside it included, in the last fourteen days; how much
wider than Poisson it is, is measured by the median absolute deviation of the same hours, so that neither is moved by an
earlier wave (Noufaily et al., "An improved algorithm for outbreak detection in multiple surveillance systems", Statistics in
Medicine 32, 2013). A number is unusual when so many or more would come by chance in less than one of all the looks of a year
(Bonferroni's correction), and when there are enough of them to matter to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma, log
from statistics import median

#: Times of which the responses are counted: a sudden wave shows in the short one, a slow one in the long one.
SPANS = (timedelta(minutes=10), timedelta(hours=1))
#: How far back the past is asked, and the least of it that says what is usual.
PAST = timedelta(days=14)
LEAST_PAST = timedelta(days=3)
#: Responses, and times what is usual, below which nobody is called.
LEAST = 20
TIMES = 3

#: Fewer in an hour nobody expects, or every first response of a quiet site would be a surprise.
_LEAST_HOURLY = 1.0
#: People do not come one by one: the variance is at least twice the mean.
_LEAST_DISPERSION = 2.0
#: Of a normal distribution, the standard deviation over the median absolute deviation.
_NORMAL = 1.4826
#: Segments of a scale, and reasons for suspicion.
_KINDS = 6
#: One false alarm in a year of looks each minute, at every kind, over every span.
_CHANCE = 1 / (365 * 24 * 60 * len(SPANS) * _KINDS)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: responses in an hour, and the variance over the mean."""

    hourly: float
    dispersion: float

    def within(self, span: timedelta) -> float:
        """How many are expected in a time."""
        return self.hourly * (span / timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of responses: when the first and the last came, and how many there are."""

    first: datetime
    last: datetime
    number: int


def hours_like(moment: datetime, since: datetime) -> list[datetime]:
    """The beginnings of the past hours that are compared with `moment`; none before `since`."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    days = range(1, PAST.days + 1)
    like = [hour - timedelta(days=day, hours=beside) for day in days for beside in (-1, 0, 1)]
    return [one for one in like if one >= since]


def usual(counts: Sequence[int]) -> Usual:
    """What is usual where so many came in each of the hours that are compared."""
    middle = median(counts)
    spread = _NORMAL * median(abs(count - middle) for count in counts)
    return Usual(max(middle, _LEAST_HOURLY), max(spread**2 / max(middle, 1.0), _LEAST_DISPERSION))


def is_unusual(number: int, span: timedelta, known: Usual) -> bool:
    """Whether `number` responses of a kind within `span` are more than chance brings."""
    expected = known.within(span)
    return number >= max(LEAST, TIMES * expected) and chance(number, expected, known.dispersion) < _CHANCE


def chance(number: int, mean: float, dispersion: float) -> float:
    """How likely `number` or more are, with a negative binomial of this mean above 0 and this variance over the mean, above 1;
    `number` is above the mean."""
    size, again = mean / (dispersion - 1), 1 - 1 / dispersion
    one = exp(lgamma(number + size) - lgamma(number + 1) - lgamma(size) - size * log(dispersion) + number * log(again))
    total, count = 0.0, number
    while one > total * 1e-9:
        total += one
        one *= again * (count + size) / (count + 1)
        count += 1
    return total


def stretch(moments: Sequence[datetime], known: Usual) -> Stretch:
    """The run that stands out most among `moments`, which are in their order: where most more came than `TIMES` what is usual
    (the largest rise of a cumulative sum; Page, "Continuous inspection schemes", Biometrika 41, 1954)."""
    score, begin, most, found = 0.0, 0, 0.0, (0, 0)
    for place, moment in enumerate(moments):
        if place:
            score -= TIMES * known.within(moment - moments[place - 1])
        if score <= 0:
            score, begin = 0.0, place
        score += 1
        if score > most:
            most, found = score, (begin, place)
    first, last = found
    return Stretch(moments[first], moments[last], last - first + 1)
