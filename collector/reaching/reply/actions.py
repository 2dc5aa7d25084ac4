"""Writes for handing over a reply, at most once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from collector.cases.replies.actions import refuse_reply
from collector.cases.replies.queries import wanted_reply
from collector.reaching.actions import begin_single, letter
from collector.reaching.letter import compose_reply
from collector.reaching.outward import Outward, Ready
from collector.sites.queries import site_numbered


def begin_reply(tx: Session, outward: Outward, payload: Mapping[str, object], now: datetime) -> Ready | datetime | None:
    """The message to hand over now, which is claimed; else when to look again; else `None`, for good."""
    case = int(str(payload["case"]))
    wanted = wanted_reply(tx, case)
    site = site_numbered(tx, wanted.site) if wanted else None
    if wanted is None or site is None:
        return None
    begun = begin_single(
        tx,
        outward,
        site,
        wanted.submission,
        "reply",
        lambda new, to: compose_reply(letter(outward, site, new, to, to.consent.language, wanted.text)),
        now,
    )
    if isinstance(begun, str):
        refuse_reply(tx, case, begun)
        return None
    return begun
