"""Reads for follow-ups by SMS."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.channels.models import DeliveryRow
from collector.channels.queries import nth_latest_text
from collector.channels.sms.number import prefix_of
from collector.channels.sms.worth import OF_LAST, TIME_TO_ANSWER, Tally
from collector.followups.models import FollowUpRow
from collector.reaching.manners import DAY, Manners
from collector.reaching.models import MannersRow
from collector.reaching.sms.room import Full, Limit, TextRules, barred, full


def text_verdict(
    tx: Session, site: int, number: str, rules: TextRules, manners: Manners, now: datetime
) -> tuple[str | None, Full | None]:
    """Why no message by SMS goes to a number, if none does, and whether there is no room for one at the moment."""
    since = now - DAY
    most = rules.most()
    decisive: dict[Limit, datetime | None] = {
        "prefix": nth_latest_text(tx, most["prefix"], since, prefix=prefix_of(number)),
        "site": nth_latest_text(tx, most["site"], since, site=site),
        "installation": nth_latest_text(tx, most["installation"], since),
    }
    return barred(number, rules, manners, answers_by_text(tx, site, now)), full(rules, decisive)


def answers_by_text(tx: Session, site: int, now: datetime) -> Tally:
    """How many of the latest questions that a site asked by SMS were answered, counted from when somebody had it go on."""
    counted_from = tx.scalar(select(MannersRow.counted_from).where(MannersRow.site_id == site))
    statement = (
        select(FollowUpRow.state)
        .join(
            DeliveryRow,
            (DeliveryRow.site_id == FollowUpRow.site_id) & (DeliveryRow.submission_id == FollowUpRow.submission_id),
        )
        .where(
            FollowUpRow.site_id == site,
            DeliveryRow.site_id == site,
            DeliveryRow.channel == "sms",
            DeliveryRow.purpose == "ask",
            DeliveryRow.state != "deferred",
            DeliveryRow.made_at <= now - TIME_TO_ANSWER,
        )
    )
    if counted_from is not None:
        statement = statement.where(DeliveryRow.made_at > counted_from)
    states = list(tx.scalars(statement.order_by(DeliveryRow.made_at.desc()).limit(OF_LAST)))
    return Tally(len(states), states.count("answered"))
