"""What becomes of a message after what the other end said."""

from dataclasses import dataclass
from typing import Literal

from collector.channels.delivery import Outcome
from collector.outbound.client import Answer

#: `again`: tried later. `gone`: tried later too, but counted. `refused`: the same message would be refused again.
Fate = Literal["told", "again", "gone", "refused"]

#: Answers after which the same message may well be taken later (RFC 9110, section 15.5; RFC 6585).
_LATER = frozenset((408, 409, 423, 425, 429))
_FAULTS = {
    "refused": "The address leads into a private network; nothing was sent.",
    "name": "The host's name was not found.",
    "connect": "The host could not be reached.",
    "tls": "The host could not prove who it is (TLS).",
    "late": "The host took too long to answer.",
    "hidden": "The address is hidden with a secret that this installation does not have any more. Write it into the rule anew.",
    "broken": "The connection broke, or what came back was not HTTP.",
}
_STATUSES = {
    400: "The address did not understand the message (400).",
    401: "The address wants a sign-in (401).",
    403: "The address forbids messages (403).",
    404: "There is nothing at the address any more (404).",
    410: "The address says that it is gone for good (410).",
    413: "The message was too large for the address (413).",
    429: "The address asks for fewer messages (429).",
}
_LETTERS = {
    "sent": "The mail server took it.",
    "deferred": "The mail server did not take it yet.",
    "undeliverable": "The mail server refused it.",
    "uncertain": "Nobody knows whether the mail server took it.",
    "nobody": "No mail server is set up.",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a try ended with. `code` is what is kept; `in_words` says it to people."""

    fate: Fate
    code: str


def of_answer(answer: Answer) -> Result:
    """The result of a post."""
    if answer.fault is not None:
        # An address that leads inside is refused before anything is sent, and will be again.
        return Result("refused" if answer.fault == "refused" else "again", answer.fault)
    if 200 <= answer.status < 300:
        return Result("told", str(answer.status))
    if answer.status in (404, 410):
        return Result("gone", str(answer.status))
    if answer.status in _LATER or not 300 <= answer.status < 500:
        return Result("again", str(answer.status))
    return Result("refused", str(answer.status))


def of_letter(outcome: Outcome) -> Result:
    """The result of a letter. One that may have arrived is not sent again: a second one would be worse than none."""
    fate: Fate = "told" if outcome.state in ("sent", "uncertain") else "again"
    return Result("refused" if outcome.state == "undeliverable" else fate, outcome.state)


def in_words(code: str) -> str:
    """What a kept code means, as a sentence; empty for none."""
    known = _FAULTS.get(code) or _LETTERS.get(code)
    if known or not code.isdecimal():
        return known or ""
    if code.startswith("2"):
        return f"The address took it ({code})."
    if code.startswith("3"):
        return f"The address points elsewhere ({code}), which is not followed."
    return _STATUSES.get(int(code)) or f"The address answered with {code}."


def became(state: str, tries: int, code: str, count: int, test: bool) -> str:
    """What became of a message, in a sentence or two."""
    if state == "told":
        told = "The test was sent." if test else f"Told of {count} response{'' if count == 1 else 's'}."
        return f"{told} {in_words(code)}" if code == "uncertain" else told
    if state == "sending" and tries == 0:
        return "On its way."
    begins = {
        "sending": f"Not delivered so far, tried {'once' if tries == 1 else f'{tries} times'}.",
        "refused": "Not delivered.",
        "given_up": f"Given up after {tries} tries.",
        "dropped": "Not sent: the rule was off, or nothing was left to tell.",
    }
    return f"{begins[state]} {in_words(code)}".rstrip()
