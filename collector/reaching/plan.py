"""Whether the person behind a response is asked later, when, by which channel, and why, in words. Asked anew whenever its time
comes, so that whatever changed meanwhile counts: answered, said stop, asked by another site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from collector.channels.delivery import TAKEN, Attempt, Purpose
from collector.contacts.consent import refusal
from collector.contacts.contact import Reachable
from collector.followups.state import State
from collector.reaching.hours import next_open_in_all, zone_called
from collector.reaching.manners import MOST_A_DAY, WAKING, Manners, free_at, hours_for
from collector.reaching.sms.room import Full

#: After a day somebody may have configured a channel, changed the site's manners, or taken the response back.
_LOOK_AGAIN = timedelta(days=1)
#: Whoever is asked later than this before the end hardly has time to answer.
_LEAST_TIME = timedelta(days=2)
_LEFT_TO_PEOPLE = "somebody in the team may take over."
_SERVICES = {"email": "The mail server", "sms": "The service for SMS"}


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the plan may know. `wrote`: the comment or an area says something; `elsewhere`: when this person was last
    asked about another response on this site; `today`: when anything went to this mailbox within the last day; `not_before`
    and `only`: from when on, and on which one channel, this person wants to be asked; `zone` and `country_zones`: the person's,
    and those of their number's country; `barred` and `full`: channels by which nothing goes to this address, and those that
    have no room for a while; `set_aside`: the team does not count the response."""

    state: State
    offered_at: datetime
    expires_at: datetime
    wrote: bool
    addresses: tuple[Reachable, ...]
    zone: str | None
    channels: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    elsewhere: datetime | None
    today: tuple[datetime, ...]
    not_before: datetime | None = None
    only: str | None = None
    country_zones: tuple[str, ...] = ()
    barred: Mapping[str, str] = field(default_factory=dict)
    full: Mapping[str, Full] = field(default_factory=dict)
    set_aside: bool = False

    def against(self, channel: str) -> str | None:
        """Why nobody may write to this person on `channel`, in a sentence; `None` when somebody may."""
        return refusal(self.addresses, channel, self.only) or self.barred.get(channel)


@dataclass(frozen=True, slots=True)
class Send:
    """A message goes out now."""

    channel: str
    purpose: Purpose
    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens before `until`, when the plan is made anew. `hands_over`: it is the team's turn meanwhile."""

    until: datetime
    why: str
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more happens. `state` is what the follow-up becomes; `None` leaves it as it is."""

    state: State | None
    why: str


Step = Send | Wait | End


def next_step(facts: Facts, manners: Manners, now: datetime) -> Step:
    """What is done about this follow-up now."""
    over = _over(facts, now)
    if over is not None:
        return over
    if any(attempt.state == "uncertain" for attempt in facts.attempts):
        return Wait(facts.expires_at, "It is not known whether the message arrived, so none is sent again.")
    if facts.set_aside:
        return Wait(_until(now + _LOOK_AGAIN, facts), "The team set the response aside, so nobody is asked.")
    if not manners.ask:
        return Wait(_until(now + _LOOK_AGAIN, facts), "The site asks nobody who has left the page.")
    ways = [channel for channel in facts.channels if facts.against(channel) is None]
    if not ways:
        return _unreachable(facts, now)
    late = next((one for one in facts.attempts if one.state == "deferred" and one.channel in ways), None)
    if late is not None:
        return _again(late, facts, manners, now)
    return _next_message(ways, facts, manners, now)


def _next_message(ways: Sequence[str], facts: Facts, manners: Manners, now: datetime) -> Step:
    """Asked once, reminded once the same way, asked once more another way if there is one."""
    untried = [channel for channel in ways if all(one.channel != channel for one in facts.attempts)]
    taken = [attempt for attempt in facts.attempts if attempt.state in TAKEN]
    if not taken:
        if not untried:
            return Wait(facts.expires_at, "The message could not be delivered, and there is no other channel.")
        return _ask(untried[0], facts, manners, now)
    first = taken[0].channel
    if any(attempt.channel != first for attempt in taken):
        return _hand_over(f"Asked by {first} and by another channel", taken[-1], facts, manners, now)
    if not manners.days_reminder:
        return Wait(facts.expires_at, "Asked once; the site sends no reminders.")
    reminded = any(attempt.purpose == "remind" for attempt in facts.attempts)
    if first in ways and not reminded:
        return _remind(taken[0], facts, manners, now)
    if untried:
        return _elsewhere(taken[-1], untried[0], facts, manners, now)
    return _hand_over("Asked and reminded once. No other channel is left", taken[-1], facts, manners, now)


def _hand_over(asked: str, last: Attempt, facts: Facts, manners: Manners, now: datetime) -> Wait:
    """The last message is given as long as the first before it is the team's turn."""
    due = _until(last.at + timedelta(days=manners.days_reminder), facts)
    if now < due:
        return Wait(due, f"{asked}; without an answer by then, {_LEFT_TO_PEOPLE}")
    return Wait(facts.expires_at, f"{asked}; {_LEFT_TO_PEOPLE}", hands_over=True)


def _over(facts: Facts, now: datetime) -> End | None:
    if facts.state == "answered":
        return End(None, "The question is answered.")
    if facts.state == "cancelled":
        return End(None, "The follow-up was cancelled.")
    if facts.state == "expired" or now >= facts.expires_at:
        return End("expired", "The question was not answered in time.")
    return None


def _unreachable(facts: Facts, now: datetime) -> Step:
    if not facts.channels:
        return Wait(_until(now + _LOOK_AGAIN, facts), "No channel is configured.")
    reasons = [reason for channel in facts.channels if (reason := facts.against(channel))]
    why = " ".join(reasons)
    if facts.barred:  # by what the operator, the site, or a few more answers may change
        return Wait(_until(now + _LOOK_AGAIN, facts), why)
    # Whoever still has the form open may answer there.
    return Wait(facts.expires_at, why) if facts.attempts else End("offered", why)


def _again(late: Attempt, facts: Facts, manners: Manners, now: datetime) -> Step:
    due = max(late.due_at or now, now)
    due = next_open_in_all(due, _zones(late.channel, facts, manners, now), *WAKING)
    if due > now:
        return Wait(
            _until(due, facts),
            f"{_SERVICES[late.channel]} was not ready; tried {_times(late.tries)}, next in waking hours.",
        )
    return Send(late.channel, late.purpose, f"Tried again after {_times(late.tries)}.")


def _remind(asked: Attempt, facts: Facts, manners: Manners, now: datetime) -> Step:
    due = asked.at + timedelta(days=manners.days_reminder)
    why = f"No answer {_days(manners.days_reminder)} after the question: one reminder by {asked.channel}"
    return _when(Send(asked.channel, "remind", f"{why}."), due, why, facts, manners, now)


def _elsewhere(last: Attempt, channel: str, facts: Facts, manners: Manners, now: datetime) -> Step:
    due = last.at + timedelta(days=manners.days_reminder)
    why = f"No answer {_days(manners.days_reminder)} after the last message by {last.channel}: asked once by {channel}"
    return _when(Send(channel, "ask", f"{why}."), due, why, facts, manners, now)


def _ask(channel: str, facts: Facts, manners: Manners, now: datetime) -> Step:
    days = manners.days_written if facts.wrote else manners.days_silent
    what = "something was written" if facts.wrote else "nothing was written"
    why = f"The question stayed unanswered and {what}: asked by {channel} after {_days(days)}"
    due = facts.offered_at + timedelta(days=days)
    if facts.elsewhere is not None:
        rest = facts.elsewhere + timedelta(days=manners.days_rest)
        if rest > max(due, now):
            due, why = rest, f"{why}, and {_days(manners.days_rest)} after this person was last asked here"
    return _when(Send(channel, "ask", f"{why}."), due, why, facts, manners, now)


def _when(send: Send, due: datetime, why: str, facts: Facts, manners: Manners, now: datetime) -> Step:
    """The send, put off until it is due, within the mailbox's budget, and at an hour at which people are asked."""
    if facts.not_before is not None and facts.not_before > max(due, now):
        due, why = facts.not_before, f"{why}, and not before the day from which this person wants to be asked"
    due = max(due, now)
    free = free_at(facts.today, due)
    if free > due:
        due, why = free, f"{why}, once this mailbox had fewer than {MOST_A_DAY} messages in a day"
    crowd = facts.full.get(send.channel)
    if crowd is not None and crowd.until > due:
        due, why = crowd.until, f"{why}, {crowd.why}"
    zones = _zones(send.channel, facts, manners, now)
    hours = hours_for(send.channel, manners) if len(zones) == 1 else (manners.days, *WAKING[1:])
    due = next_open_in_all(due, zones, *hours)
    if due > facts.expires_at - _LEAST_TIME:
        return Wait(facts.expires_at, f"{why}; that would be too late, so nothing is sent.")
    return send if due <= now else Wait(due, f"{why}, at an hour at which people are asked there.")


def _zones(channel: str, facts: Facts, manners: Manners, now: datetime) -> Sequence[ZoneInfo]:
    """The zones by whose clocks a person is asked: their own; for an SMS to somebody whose zone is not known those of their
    country, one for each time that is there now; else the site's."""
    if channel != "sms" or facts.zone is not None or not facts.country_zones:
        return (zone_called(facts.zone, manners.zone),)
    return tuple({now.astimezone(zone).utcoffset(): zone for zone in map(zone_called, facts.country_zones)}.values())


def _until(moment: datetime, facts: Facts) -> datetime:
    return min(moment, facts.expires_at)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
