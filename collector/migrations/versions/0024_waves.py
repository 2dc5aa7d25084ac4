"""Responses that are set aside, and waves."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, UtcTime, Uuid16

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("response", sa.Column("set_aside_at", UtcTime))
    _set_aside()
    _waves()
    _remembered()


def _of(table: str, name: str) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{name}.id", name=f"fk_{table}_{name}_id_{name}")
    return sa.Column(f"{name}_id", BigKey, key, nullable=False)


def _set_aside() -> None:
    table = "response_set_aside"
    op.create_table(
        table,
        sa.Column("id", BigKey, primary_key=True),
        _of(table, "team"),
        sa.Column("site_id", BigKey, nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        _of(table, "member"),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("press", sa.String(24), nullable=False),
        sa.Column("aside", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            name="fk_response_set_aside_site_id_submission_id_response",
            ondelete="CASCADE",
        ),
        sa.Index("ix_response_set_aside_site_id_submission_id", "site_id", "submission_id"),
        sa.Index("ix_response_set_aside_member_id_id", "member_id", "id"),
        sa.Index("ix_response_set_aside_press", "press"),
    )


def _waves() -> None:
    op.create_table(
        "wave",
        sa.Column("id", BigKey, primary_key=True),
        _of("wave", "team"),
        _of("wave", "site"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("first_at", UtcTime, nullable=False),
        sa.Column("last_at", UtcTime, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hourly", sa.Double, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("judged_by", BigKey, sa.ForeignKey("member.id", name="fk_wave_judged_by_member")),
        sa.Column("judged_at", UtcTime),
        sa.Index("ix_wave_team_id_verdict", "team_id", "verdict"),
        sa.Index("ix_wave_site_id_kind_last_at", "site_id", "kind", "last_at"),
    )


def _remembered() -> None:
    op.create_table(
        "wave_watch",
        _site("wave_watch"),
        _of("wave_watch", "team"),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("number", BigKey, nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("key_made_at", UtcTime, nullable=False),
    )
    op.create_table(
        "wave_hour",
        _site("wave_hour"),
        sa.Column("at", UtcTime, primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        _of("wave_hour", "team"),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "wave_print",
        _site("wave_print"),
        sa.Column("print", sa.LargeBinary(16), primary_key=True),
        _of("wave_print", "team"),
        sa.Column("submission_id", Uuid16, nullable=False),
    )


def _site(table: str) -> "sa.Column[int]":
    key = sa.ForeignKey("site.id", name=f"fk_{table}_site_id_site")
    return sa.Column("site_id", BigKey, key, primary_key=True, autoincrement=False)


def downgrade() -> None:
    for table in ("wave_print", "wave_hour", "wave_watch", "wave"):
        op.drop_table(table)
    op.drop_table("response_set_aside")
    op.drop_column("response", "set_aside_at")
