"""How the worker gives way to those who are waited for in its process. What was used of the time and how late it is in, how it
goes on out."""

from dataclasses import dataclass
from datetime import timedelta

#: What the worker takes of the time while others are there and nothing is late.
SHARE = 0.1
#: From here on it takes the more the later it is; at the second it goes on as if nobody were there.
PATIENT = timedelta(seconds=30)
LATE = timedelta(seconds=60)
#: Others are there who use this part of the time; a server to which nobody comes uses a 400th, and with thirty submissions a
#: second a twentieth (measured).
VISITED = 0.05
#: Seconds of one rest at most: who was there may be gone.
LONGEST = 1.0


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: of the clock, of processor time by the whole process, and of that by the worker."""

    clock: float
    process: float
    own: float

    def since(self, before: "Spent") -> "Spent":
        """What was spent between two looks."""
        return Spent(self.clock - before.clock, self.process - before.process, self.own - before.own)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of rest before the next facts, and whether few of them are told at once."""

    rest: float
    gently: bool


AT_ONCE = Pace(0.0, False)


def pace(spent: Spent, lag: timedelta) -> Pace:
    """How to go on after what was `spent` since the last look, when an entry was told `lag` after it was due. A worker that is
    a process of its own sees nobody and never rests."""
    if lag >= LATE or spent.process - spent.own <= spent.clock * VISITED:
        return AT_ONCE
    late = max(0.0, (lag - PATIENT) / (LATE - PATIENT))
    share = SHARE + (1 - SHARE) * late
    return Pace(min(LONGEST, spent.own * (1 / share - 1)), gently=not late)
