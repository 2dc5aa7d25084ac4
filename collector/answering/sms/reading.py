"""What a message that came in means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from collector.channels.sms.stop_words import says_stop
from collector.followups.follow_up import Answer, ShownArea
from collector.responses.text import MAX_TEXT

Meaning = Literal["stop", "answer"]

#: What carriers take for "begin again" (https://help.twilio.com/articles/223134027): no answer. YES is one here.
_START = frozenset(("START", "UNSTOP"))


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that came in: the provider's name for it, the number that it came from, and its words."""

    sid: str
    number: str
    text: str


def meaning_of(text: str, opted: str) -> Meaning | None:
    """What somebody wants who wrote `text`; `None` when it says nothing to us. `opted` is what the provider made of it, if
    anything: STOP, START or HELP."""
    if opted == "STOP" or says_stop(text):
        return "stop"
    said = text.strip()
    return None if opted in ("START", "HELP") or not said or said.upper() in _START else "answer"


def answer_of(text: str, areas: Sequence[ShownArea], numbered: Sequence[ShownArea]) -> Answer:
    """The answer that `text` is: an area where it is exactly the name of one, or the number of one that was `numbered` in the
    message, else the text as it stands."""
    said = text.strip().casefold().rstrip(".")
    names = {label.strip().casefold(): key for key, label in areas}
    names |= {str(number): key for number, (key, _) in enumerate(numbered, start=1)}
    return Answer((names[said],), "") if said in names else Answer((), text)


def added(before: Answer, more: Answer) -> Answer:
    """An answer that came in several messages, one line each, as far as an answer may be long."""
    areas = before.areas + tuple(area for area in more.areas if area not in before.areas)
    lines = [text for text in (before.text, more.text) if text]
    return Answer(areas, "\n".join(lines)[:MAX_TEXT])
