"""Teams, keys, sites, surveys, responses, follow-ups and the outbox."""

import sqlalchemy as sa
from alembic import op

from collector.db import BigKey, Digest, UtcTime, Uuid16

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_api_key_team_id_team"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("hint", sa.String(12), nullable=False),
        sa.Column("fingerprint", Digest, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime),
        sa.Column("revoked_at", UtcTime),
        sa.UniqueConstraint("fingerprint", name="uq_api_key_fingerprint"),
    )
    op.create_index("ix_api_key_team_id", "api_key", ["team_id"])
    op.create_table(
        "site",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_site_team_id_team"), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("industry", sa.String(40), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.UniqueConstraint("key", name="uq_site_key"),
        sa.UniqueConstraint("team_id", "name", name="uq_site_team_id_name"),
    )
    op.create_table(
        "survey",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_survey_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name="fk_survey_site_id_site"), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("scale", sa.String(20), nullable=False),
        sa.Column("prompt", sa.JSON, nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.UniqueConstraint("key", name="uq_survey_key"),
    )
    op.create_index("ix_survey_site_id", "survey", ["site_id"])
    op.create_table(
        "response",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_response_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, sa.ForeignKey("site.id", name="fk_response_site_id_site"), nullable=False),
        sa.Column("survey_id", BigKey, sa.ForeignKey("survey.id", name="fk_response_survey_id_survey"), nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("scale", sa.String(20), nullable=False),
        sa.Column("score", sa.SmallInteger, nullable=False),
        sa.Column("segment", sa.String(20), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("page", sa.Text),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("configuration", sa.String(32), nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.UniqueConstraint("site_id", "submission_id", name="uq_response_site_id_submission_id"),
    )
    op.create_index("ix_response_team_id_id", "response", ["team_id", "id"])
    op.create_index("ix_response_site_id_received_at", "response", ["site_id", "received_at"])
    op.create_table(
        "follow_up",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("team_id", BigKey, sa.ForeignKey("team.id", name="fk_follow_up_team_id_team"), nullable=False),
        sa.Column("site_id", BigKey, nullable=False),
        sa.Column("submission_id", Uuid16, nullable=False),
        sa.Column("fingerprint", Digest, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("offered_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("answered_at", UtcTime),
        sa.Column("corrected_at", UtcTime),
        sa.Column("answer_text", sa.Text, nullable=False),
        sa.Column("answer_areas", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "submission_id"],
            ["response.site_id", "response.submission_id"],
            name="fk_follow_up_site_id_submission_id_response",
        ),
        sa.UniqueConstraint("site_id", "submission_id", name="uq_follow_up_site_id_submission_id"),
    )
    op.create_index(
        "ix_follow_up_expires_at",
        "follow_up",
        ["expires_at"],
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_table(
        "outbox_entry",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(60)),
        sa.Column("lease_until", UtcTime),
        sa.Column("last_error", sa.String(500)),
        sa.UniqueConstraint("key", name="uq_outbox_entry_key"),
    )
    op.create_index("ix_outbox_entry_state_due_at", "outbox_entry", ["state", "due_at"])


def downgrade() -> None:
    for table in ("outbox_entry", "follow_up", "response", "survey", "site", "api_key", "team"):
        op.drop_table(table)
