"""People who can be reached, what they agreed to, and addresses that must not be written to."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime, Uuid16

revision = "0006"
down_revision = "0005"


def _team(table: str) -> sa.Column[int]:
    return sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name=f"fk_{table}_team_id_team"), nullable=False)


def _site(table: str) -> sa.Column[int]:
    return sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name=f"fk_{table}_site_id_site"), nullable=False)


def _contact(table: str) -> sa.Column[int]:
    reference = sa.ForeignKey("contact.id", name=f"fk_{table}_contact_id_contact", ondelete="CASCADE")
    return sa.Column("contact_id", BigKey, reference, nullable=False)


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", BigKey, primary_key=True),
        _team("contact"),
        _site("contact"),
        sa.Column("person", sa.String(200)),
        sa.Column("zone", sa.String(64)),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.UniqueConstraint("site_id", "person", name="uq_contact_site_id_person"),
    )
    op.create_table(
        "contact_address",
        sa.Column("id", BigKey, primary_key=True),
        _team("contact_address"),
        _site("contact_address"),
        _contact("contact_address"),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("given_at", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.UniqueConstraint("contact_id", "channel", name="uq_contact_address_contact_id_channel"),
    )
    op.create_index("ix_contact_address_digest", "contact_address", ["digest"])
    op.create_table(
        "contact_response",
        sa.Column("site_id", BigKey, primary_key=True, autoincrement=False),
        sa.Column("submission_id", Uuid16, primary_key=True),
        _team("contact_response"),
        _contact("contact_response"),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            name="fk_contact_response_site_id_submission_id_response",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_contact_response_contact_id", "contact_response", ["contact_id"])
    op.create_table(
        "suppression",
        sa.Column("id", BigKey, primary_key=True),
        _team("suppression"),
        _site("suppression"),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.UniqueConstraint("site_id", "digest", name="uq_suppression_site_id_digest"),
    )
    reference = sa.ForeignKey("site.id", name="fk_identity_secret_site_id_site")
    op.create_table(
        "identity_secret",
        sa.Column("site_id", BigKey, reference, primary_key=True, autoincrement=False),
        _team("identity_secret"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("identity_secret", "suppression", "contact_response", "contact_address", "contact"):
        op.drop_table(table)
