"""What became of a letter with a link: when it is tried again, and what its owner reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: `sending`: handed over, nothing heard yet. `deferred`: tried again. `uncertain`: nobody knows; never sent again.
State = Literal["sending", "sent", "deferred", "undeliverable", "uncertain"]

_SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(hours=4)
#: Who refused is in the step of the dialogue with the mail server that the reply begins with.
_REFUSED = {
    "mail": "the mail server does not take mail from this installation's address",
    "rcpt": "the mail server does not take mail for this address",
    "data": "the mail server refused the letter",
    "content": "the mail server refused the letter",
}
#: Enhanced codes that say more (RFC 3463, section 3), by their beginning.
_KNOWN_CODES = {
    "5.1.1": "there is no mailbox of this address",
    "5.1.2": "there is no mail server for this address",
    "5.2.1": "the mailbox takes no mail at the moment",
    "5.2.2": "the mailbox is full",
    "5.7.": "the mail server refuses mail of this installation",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """Where a letter stands. `reply` is the step and the code that the mail server answered with, never its text."""

    state: State
    reply: str | None

    @property
    def failed(self) -> bool:
        """Whether it is not tried again, and may not have arrived."""
        return self.state in ("undeliverable", "uncertain")

    @property
    def why(self) -> str:
        """Why it did not arrive or may not have, as the rest of a sentence."""
        if self.state == "uncertain":
            return "nobody knows whether the mail server took it before the connection ended"
        return _why(self.reply or "")

    @property
    def in_words(self) -> str:
        """What an owner should know, in a sentence; empty while there is nothing to be done."""
        if self.state == "undeliverable":
            return f"The mail could not be delivered: {self.why}."
        if self.state == "uncertain":
            return f"The mail may not have arrived: {self.why}. It is not sent again."
        return f"The mail is not delivered yet: {self.why}. It is tried again." if self.state == "deferred" else ""


def again_at(asked_at: datetime, until: datetime, now: datetime) -> datetime | None:
    """When a letter that was not taken is tried again: after as long as it has waited already, at least half a minute and at
    most four hours. `None` when its link is over by then."""
    due = now + min(max(now - asked_at, _SHORTEST), _LONGEST)
    return due if due < until else None


def _why(reply: str) -> str:
    step, _, codes = reply.partition(" ")
    code, _, enhanced = codes.partition(" ")
    if step == "nobody":
        return "no mail server is set up"
    if not code.isdecimal():
        return "the mail server could not be reached, or broke off"
    known = next((words for begin, words in _KNOWN_CODES.items() if enhanced.startswith(begin)), None)
    if code.startswith("5") and step in _REFUSED:
        return f"{known or _REFUSED[step]} ({code})"
    return f"the mail server answered {code}"
