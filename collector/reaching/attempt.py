"""What is known of a follow-up while a message for it is on its way, and after."""

from dataclasses import replace
from datetime import datetime

from collector.channels.delivery import Attempt, State
from collector.reaching.plan import Facts, Send


def tried_once_more(facts: Facts, send: Send, now: datetime) -> Facts:
    """The facts from the moment at which this message was begun, as its last attempt."""
    before = next((one for one in facts.attempts if (one.purpose, one.channel) == (send.purpose, send.channel)), None)
    others = tuple(one for one in facts.attempts if one is not before)
    if before is not None:
        return replace(facts, attempts=(*others, replace(before, state="sending", tries=before.tries + 1)))
    begun = Attempt(send.purpose, send.channel, "sending", 1, now, None)
    return replace(facts, attempts=(*others, begun), today=(*facts.today, now))


def with_outcome(facts: Facts, state: State, due_at: datetime | None) -> Facts:
    """The facts from the moment at which it was known what became of the last attempt."""
    *others, last = facts.attempts
    return replace(facts, attempts=(*others, replace(last, state=state, due_at=due_at)))
