"""Erases what belonged to a site, whatever tables there are."""

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select
from sqlalchemy.orm import Session

from collector.db import Base
from collector.sites.models import SiteRow

#: Rows that go in one transaction, so that nobody waits long behind it.
BATCH = 2000


def erase_some(tx: Session, site: int) -> bool:
    """Erases up to `BATCH` rows of a site, those first that others are not built upon. `False` when nothing was left, and the
    site itself has gone."""
    for table in reversed(Base.metadata.sorted_tables):
        condition = _belongs(table, site)
        if condition is None or table.name == SiteRow.__tablename__:
            continue
        key = list(table.primary_key.columns)
        found = tx.execute(select(*key).where(condition).limit(BATCH)).all()
        if found:
            rows = [and_(*(column == value for column, value in zip(key, row, strict=True))) for row in found]
            for at in range(0, len(rows), 100):
                tx.execute(delete(table).where(condition, or_(*rows[at : at + 100])))
            return True
    tx.execute(delete(SiteRow).where(SiteRow.id == site))
    return False


def _belongs(table: Table, site: int, seen: frozenset[str] = frozenset()) -> ColumnElement[bool] | None:
    """Which rows of a table belong to a site: those that name it, or else a row that belongs to it."""
    if "site_id" in table.c:
        condition: ColumnElement[bool] = table.c.site_id == site
        return condition
    conditions = []
    for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
        above = key.column.table
        if above.name in seen | {table.name}:
            continue
        inner = _belongs(above, site, seen | {table.name})
        if inner is not None:
            conditions.append(key.parent.in_(select(key.column).where(inner)))
    return or_(*conditions) if conditions else None
