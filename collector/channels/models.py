"""The table of deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class DeliveryRow(Base):
    """One message to one address. It names its response without a key to it, and its address by a digest: it stays as a
    memory of how often a mailbox was written to when response and address are erased. `prefix` is what a phone number shares
    with a hundred thousand neighbours; `scanned_at` is when a program last followed the link in it that no person follows."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("site_id", "submission_id", "purpose", "channel"),
        Index("ix_delivery_digest_made_at", "digest", "made_at"),
        Index("ix_delivery_channel_made_at", "channel", "made_at"),
        Index("ix_delivery_site_id_channel_made_at", "site_id", "channel", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    submission_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(20))
    digest: Mapped[bytes] = mapped_column(Digest)
    prefix: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(String(80))
    scanned_at: Mapped[datetime | None]


class InboundRow(Base):
    """A message that came in and was dealt with, by the provider's name for it: one that is told twice counts once."""

    __tablename__ = "inbound_message"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    sid: Mapped[str] = mapped_column(String(50), unique=True)
    came_at: Mapped[datetime] = mapped_column(index=True)
