"""Reads of rules, of what was told by them, and of what a message holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row as SelectedRow
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from collector.accounts.queries import colleagues
from collector.db import table_of
from collector.hiding import shown
from collector.notices.form import Known
from collector.notices.models import MatchRow, MessageRow, RuleRow
from collector.notices.notice import MOST, Item, cut
from collector.notices.rule import HIDDEN_FOR, MOST_RULES, Off, Rule, Wanted
from collector.outbound.address import Network
from collector.problems import NotFound
from collector.responses.models import ResponseRow
from collector.sites.models import SiteRow
from collector.sites.queries import sites_of
from collector.surveys.queries import category_labels


@dataclass(frozen=True, slots=True)
class Told:
    """A message and what became of it. `count` is how many responses it is about."""

    id: int
    test: bool
    state: str
    tries: int
    result: str
    made_at: datetime
    changed_at: datetime
    count: int


_RULE = table_of(RuleRow)
#: On the table and made once, for the worker asks for every few responses.
_ON = select(_RULE).where(_RULE.c.team_id == bindparam("team"), _RULE.c.off_why.is_(None)).order_by(_RULE.c.id)


def rule_of(row: RuleRow | SelectedRow[Any], key: bytes | None = None) -> Rule:
    """The rule in a row, as a plain value, with its address where there is one that `key` shows."""
    address = shown(key, HIDDEN_FOR, row.id, row.address) if key and row.address else None
    wanted = Wanted(
        name=row.name,
        way=row.way,
        site=row.site_id,
        segment=row.segment,
        category=row.category,
        page=row.page,
        commented=row.commented,
        member=row.member_id,
        address=address,
        gather=row.gather,
        words=row.words,
    )
    return Rule(row.id, row.team_id, wanted, cast(Off | None, row.off_why), row.revision)


def rules(tx: Session, team: int) -> list[Rule]:
    """A team's rules that are on, without their addresses, in the order in which they were made."""
    return [rule_of(row) for row in tx.execute(_ON, {"team": team})]


def rule_numbered(tx: Session, team: int, number: int, key: bytes) -> Rule:
    """The team's rule with this number. Raises `NotFound`."""
    row = tx.scalars(select(RuleRow).where(RuleRow.team_id == team, RuleRow.id == number)).first()
    if row is None:
        raise NotFound()
    return rule_of(row, key)


def listed(tx: Session, team: int, key: bytes) -> list[tuple[Rule, Told | None]]:
    """Every rule of a team, in the order in which they were made, each with its newest message that has begun to go out."""
    found = tx.scalars(select(RuleRow).where(RuleRow.team_id == team).order_by(RuleRow.id)).all()
    return [(rule_of(row, key), next(iter(messages(tx, team, row.id, 1)), None)) for row in found]


def messages(tx: Session, team: int, rule: int, limit: int) -> list[Told]:
    """The newest messages of a rule that have begun to go out."""
    count = select(func.count()).where(MatchRow.message_id == MessageRow.id).correlate(MessageRow).scalar_subquery()
    rows = tx.execute(
        select(MessageRow, count)
        .where(MessageRow.team_id == team, MessageRow.rule_id == rule, MessageRow.state != "gathering")
        .order_by(MessageRow.id.desc())
        .limit(limit)
    )
    return [
        Told(row.id, row.test, row.state, row.tries, row.result, row.made_at, row.changed_at, matched)
        for row, matched in rows
    ]


def items(tx: Session, team: int, message: int, root: str, words: bool) -> tuple[tuple[Item, ...], int]:
    """The newest responses in a message, and how many more there are. What was erased or set aside meanwhile is not there.
    `root` is where links lead, empty for none; `words` says whether the visitors' words may be told."""
    belongs = _in_message(select(ResponseRow, SiteRow.name), team, message).join(
        SiteRow, SiteRow.id == ResponseRow.site_id
    )
    rows = tx.execute(belongs.order_by(ResponseRow.id.desc()).limit(MOST)).all()
    whole = tx.scalar(_in_message(select(func.count(ResponseRow.id)), team, message)) or 0
    labels = category_labels(tx, team)
    shown = tuple(item_of(row, site, labels, root, words) for row, site in rows)
    return shown, whole - len(shown)


def _in_message(statement: Select[*tuple[Any, ...]], team: int, message: int) -> Select[*tuple[Any, ...]]:
    return statement.join(
        MatchRow,
        (MatchRow.site_id == ResponseRow.site_id) & (MatchRow.submission_id == ResponseRow.submission_id),
    ).where(
        MatchRow.message_id == message,
        ResponseRow.team_id == team,
        ResponseRow.erased_at.is_(None),
        ResponseRow.set_aside_at.is_(None),
    )


def item_of(row: ResponseRow, site: str, labels: Mapping[tuple[int, str], str], root: str, words: bool) -> Item:
    """A response as messages show it. `labels` are those of the team's categories, by survey and key."""
    return Item(
        number=row.id,
        score=row.score,
        segment=row.segment,
        category=labels.get((row.survey_id, row.category), row.category) if row.category else None,
        site=site,
        page=cut(row.page) if row.page else None,
        words=cut(row.comment) if words else "",
        at=row.received_at,
        link=f"{root}/responses/{row.id}" if root else None,
    )


def known(tx: Session, team: int, mail: bool, networks: tuple[Network, ...]) -> Known:
    """What a rule of this team may name."""
    return Known(
        sites={site.key: (site.id, site.name) for site in sites_of(tx, team)},
        categories={key: label for (_, key), label in category_labels(tx, team).items()},
        members={one.id: one.name for one in colleagues(tx, team)},
        mail=mail,
        networks=networks,
        has_room=(tx.scalar(select(func.count()).where(RuleRow.team_id == team)) or 0) < MOST_RULES,
    )
