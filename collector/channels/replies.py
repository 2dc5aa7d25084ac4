"""What a mail server's reply means, by where in the dialogue it came (RFC 5321, section 4.2; RFC 3463)."""

from datetime import datetime, timedelta

from collector.channels.delivery import Outcome

#: How long a message that is not taken is offered again.
PATIENCE = timedelta(hours=48)
#: Waits between tries; the last one is repeated. Greylisting servers take a message after five to fifteen minutes.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240))

#: Steps in which the server speaks of the recipient.
_OF_RECIPIENT = "rcpt"
#: Of those refusals for good, the ones that are about our manners, not about the mailbox (RFC 3463, section 3.8).
_POLICY = "5.7."


def outcome_of(step: str, code: int, text: str) -> Outcome:
    """The outcome of a reply in `step` (`connect`, `ehlo`, `tls`, `auth`, `mail`, `rcpt`, `data` or `content`).

    A 4yz is tried again, and so is a refused greeting or login, for which the message is not to blame. A 5yz at the recipient
    says that the mailbox is gone, unless its enhanced code speaks of a policy or of a full mailbox (5.2.2)."""
    reply = f"{step} {code}"
    if step == "content" and 200 <= code < 300:
        return Outcome("sent", reply)
    if 400 <= code < 500 or code < 200 or step in ("connect", "ehlo", "tls", "auth"):
        return Outcome("deferred", reply)
    enhanced = text.split(" ", 1)[0]
    gone = step == _OF_RECIPIENT and 500 <= code < 600 and not enhanced.startswith((_POLICY, "5.2."))
    return Outcome("undeliverable", f"{reply} {enhanced}" if enhanced.startswith("5.") else reply, gone)


def next_try(first: datetime, tries: int, now: datetime) -> datetime | None:
    """When a message that was not taken is tried again after its `tries`-th try; `None` when its 48 hours are over."""
    due = now + _WAITS[min(tries, len(_WAITS)) - 1]
    return due if due < first + PATIENCE else None
