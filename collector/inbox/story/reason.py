"""Why a response was asked its question: which questions were tried before it, and where they did not fit."""

from dataclasses import dataclass

from collector.questions.choose import Situation
from collector.questions.explain import Considered, considered
from collector.questions.pack import Pack

#: Questions that are shown because they nearly fitted.
_NEARLY = 5


@dataclass(frozen=True, slots=True)
class Weighed:
    """The questions as they stand today: how many are tried before the first that fits, those that failed at one condition
    only, and the one that fits. `same`: it is the one that was asked."""

    tried: int
    nearly: tuple[Considered, ...]
    fits: Considered | None
    same: bool

    @property
    def shown(self) -> tuple[Considered, ...]:
        """What whoever asks why is shown, in the order in which it is tried."""
        return (*self.nearly, self.fits) if self.fits else self.nearly


def weigh(situation: Situation, packs: tuple[Pack, ...], asked: tuple[str, str]) -> Weighed:
    """How a response is judged today; `asked` is the pack and the question that it was asked then."""
    before: list[Considered] = []
    fits: Considered | None = None
    for one in considered(situation, packs):
        if one.fits:
            fits = one
            break
        before.append(one)
    nearly = tuple(one for one in before if one.failures == 1)[-_NEARLY:]
    return Weighed(len(before), nearly, fits, fits is not None and (fits.pack, fits.question) == asked)
