"""What there is for the worker to do: about facts, for orders, and by the clock. The whole list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector.accounts.forgotten.actions import ORDER as RESET
from collector.accounts.jobs import forget
from collector.accounts.people.actions import ORDER as INVITATION
from collector.cases.hearing.actions import (
    forget_cases,
    forget_what_was_written,
    hear_amended,
    hear_answered,
    hear_corrected,
    hear_handed_over,
    open_cases,
)
from collector.cases.replies.actions import ORDER as REPLY
from collector.db import Database
from collector.events import FACTS, Heard
from collector.followups.jobs import expire_follow_ups
from collector.inbox import jobs as inbox
from collector.inbox.actions import index_changed, index_recorded
from collector.intake.jobs import forget as forget_proofs
from collector.notices.access.jobs import send_invitation, send_reset
from collector.notices.actions import ORDER as TELL
from collector.notices.actions import hear
from collector.notices.digests.actions import ORDER as DIGEST
from collector.notices.digests.jobs import order_digests, send_digest
from collector.notices.jobs import forget_messages, tell
from collector.notices.waves.jobs import send_wave
from collector.reaching import actions as reaching
from collector.reaching.link import actions as link
from collector.reaching.outward import Outward, Ready
from collector.reaching.reply import actions as reply
from collector.setup.removal.jobs import erase_deleted_sites
from collector.setup.retention.jobs import end_old_responses
from collector.waves.actions import ORDER as WAVE
from collector.waves.jobs import look_for_waves

#: Gets facts of one kind, oldest first, in the transaction that ends their entries: what it writes is there when they are
#: done, and gone when they are told again. Locks are taken in the order of the lists below, by every worker.
Handler = Callable[[Session, Sequence[Heard], datetime], None]

#: Fact -> who wants to hear of it. A fact that nobody waits for is done as soon as it is read.
SUBSCRIBERS: dict[str, tuple[Handler, ...]] = {fact.kind: () for fact in FACTS} | {
    "response.recorded": (open_cases, index_recorded, hear),
    "response.amended": (hear_amended, index_changed, hear),
    "response.erased": (forget_cases, index_changed),
    "response.anonymised": (forget_what_was_written, index_changed),
    "followup.answered": (hear_answered, index_changed),
    "followup.corrected": (hear_corrected, index_changed),
    "followup.withdrawn": (index_changed,),
    "followup.handed_over": (hear_handed_over,),
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order to write to somebody. `begin` gives the message that it wrote down as `sending`, or when to look again, or
    `None` when nothing more happens. The message is handed over outside any transaction, and what became of it is written in
    the next. What stops in between is found as `sending`, and made uncertain: a person is asked at most once."""

    begin: Callable[[Session, Outward, Mapping[str, object], datetime], Ready | datetime | None]


#: An order that is carried out at least once, and says when it is to be carried out again; `None` ends it.
Errand = Callable[[Database, Outward, Mapping[str, object], datetime], datetime | None]

#: Order -> how it is carried out.
ORDERS: dict[str, Order | Errand] = {
    reaching.ORDER: Order(reaching.decide),
    link.ORDER: Order(link.begin_link),
    REPLY: Order(reply.begin_reply),
    TELL: tell,
    DIGEST: send_digest,
    INVITATION: send_invitation,
    RESET: send_reset,
    WAVE: send_wave,
    inbox.ORDER: inbox.fill_search,
}

#: What is done now and then: a name for the log, what does it (and says how often it did), and every how many seconds.
PERIODIC: tuple[tuple[str, Callable[[Database, datetime], int], float], ...] = (
    ("followups.expire", expire_follow_ups, 60),
    ("sites.erase", erase_deleted_sites, 10),
    ("accounts.forget", forget, 3600),
    ("proofs.forget", forget_proofs, 600),
    ("notices.forget", forget_messages, 3600),
    ("digests.order", order_digests, 60),
    ("responses.end", end_old_responses, 600),
    ("waves.look", look_for_waves, 60),
)
