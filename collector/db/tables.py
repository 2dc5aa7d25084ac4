"""What all tables are made of: their parent, and the column types that both databases share."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, MetaData, Table
from sqlalchemy.dialects.postgresql import UUID as PostgresUuid
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

#: A row number. SQLite gives one out by itself only for INTEGER.
BigKey = BigInteger().with_variant(Integer, "sqlite")

#: Thirty-two bytes of SHA-256.
Digest = LargeBinary(32)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite forgets the zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Uuid16(TypeDecorator[UUID]):
    """A UUID in sixteen bytes: `uuid` on PostgreSQL, `BLOB` on SQLite, so that UUIDv7 keys append to their index."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(PostgresUuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | bytes | None:
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: UUID | bytes | None, dialect: Dialect) -> UUID | None:
        return UUID(bytes=value) if isinstance(value, bytes) else value


class Base(DeclarativeBase):
    """The parent of every table. Constraints are named by rule, so that a migration can find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, UUID: Uuid16}


def table_of(row: type[Base]) -> Table:
    """The table behind a row's class. A statement on it skips the mapper, which costs more than the insert itself."""
    return cast(Table, row.__table__)
