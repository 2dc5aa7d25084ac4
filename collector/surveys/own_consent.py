"""An owner's own sentences of consent, as they are written down: what visitors agree to in the owner's words."""

import re
from collections.abc import Mapping
from typing import Any

from collector.problems import Fault, ValidationFailed
from collector.surveys.wording import LANGUAGES

#: Ways to be written to that somebody agrees to, each with a sentence of its own.
AGREED_CHANNELS = ("email", "sms")
#: Letters of a sentence; it is read beside a field, and nobody reads more there.
LONGEST_CONSENT = 300
#: What is filled in.
PLACEHOLDERS = ("{site}",)

_MARKS = re.compile(r"[<>{}]")


def read_consents(value: Any, pointer: str) -> dict[str, dict[str, str]]:
    """The sentences by language and channel that `value` says, blanks put together. An empty one is left out: ours stands
    there. Raises `ValidationFailed` with a pointer below `pointer` for every fault."""
    if not isinstance(value, Mapping):
        raise ValidationFailed(faults=[Fault("This is one object, with sentences by language.", pointer=pointer)])
    faults: list[Fault] = []
    read: dict[str, dict[str, str]] = {}
    for language, sentences in value.items():
        here = f"{pointer}/{language}"
        if language not in LANGUAGES:
            faults.append(
                Fault(f"There are no words for this language. Known are {', '.join(LANGUAGES)}.", pointer=here)
            )
        elif not isinstance(sentences, Mapping) or set(sentences) - set(AGREED_CHANNELS):
            detail = f"This is one object, with a sentence for {' and for '.join(AGREED_CHANNELS)}."
            faults.append(Fault(detail, pointer=here))
        else:
            made = {
                channel: " ".join(text.split()) if isinstance(text, str) else text
                for channel, text in sentences.items()
            }
            found = {channel: _fault(text) for channel, text in made.items()}
            faults += [Fault(said, pointer=f"{here}/{channel}") for channel, said in found.items() if said]
            read[language] = {channel: made[channel] for channel in AGREED_CHANNELS if made.get(channel)}
    if faults:
        raise ValidationFailed(faults=faults)
    return {language: sentences for language, sentences in sorted(read.items()) if sentences}


def _fault(text: Any) -> str | None:
    if not isinstance(text, str) or len(text) > LONGEST_CONSENT or not text.isprintable():
        return f"This is one line of at most {LONGEST_CONSENT} letters."
    for name in PLACEHOLDERS:
        text = text.replace(name, "")
    if _MARKS.search(text):
        return f"Only {' and '.join(PLACEHOLDERS)} may stand in braces, and nothing in < and >: this is shown as plain words."
    return None
