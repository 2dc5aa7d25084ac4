"""Makes the first member of an installation."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from collector.accounts.actions import add_person, first_team, join, note_change, sign_in
from collector.accounts.queries import has_members
from collector.web.guards import Role

#: An advisory lock of PostgreSQL that nothing else here takes.
_LOCK = 0x1C_5E7


def add_first_owner(tx: Session, name: str, email: str, kept: str, zone: str, agent: str, now: datetime) -> str | None:
    """The session's token of the installation's first owner; `None` when somebody can sign in already. Of two who are quick,
    one comes first. `email` is in its normal form, `kept` is what is stored of the password."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if has_members(tx):
        return None
    team = first_team(tx, now)
    member = add_person(tx, email, name, kept, now, zone)
    join(tx, member, team, Role.owner, now)
    note_change(tx, team, member, "team.set_up", f"member_{member}", now)
    return sign_in(tx, member, team, agent, now)
