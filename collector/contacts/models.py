"""The tables of people who can be reached. Addresses stand in one column of one table and nowhere else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class ContactRow(Base):
    """A person at a site."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("site_id", "person"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    person: Mapped[str | None] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(35))
    created_at: Mapped[datetime]


class AddressRow(Base):
    """An address with the consent that goes with it. A new consent for the channel takes the place of the old one."""

    __tablename__ = "contact_address"
    __table_args__ = (
        UniqueConstraint("contact_id", "channel"),
        Index("ix_contact_address_digest", "digest"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(254))
    digest: Mapped[bytes] = mapped_column(Digest)
    wording: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(35))
    how: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PastConsentRow(Base):
    """The sentences that a survey asked people to agree to in one language, by channel, until others took their place."""

    __tablename__ = "past_consent"
    __table_args__ = (UniqueConstraint("survey_id", "language", "version"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    language: Mapped[str] = mapped_column(String(35))
    version: Mapped[str] = mapped_column(String(20))
    sentences: Mapped[dict[str, str]] = mapped_column(JSON)
    ended_at: Mapped[datetime]


class ContactResponseRow(Base):
    """Whose response it is."""

    __tablename__ = "contact_response"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "submission_id"], ["response.site_id", "response.submission_id"], ondelete="CASCADE"
        ),
        Index("ix_contact_response_contact_id", "contact_id"),
    )

    site_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))


class SuppressionRow(Base):
    """An address that must not be written to by this site, by its digest: it stays when the address itself is erased."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("site_id", "digest"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    digest: Mapped[bytes] = mapped_column(Digest)
    reason: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]


class IdentitySecretRow(Base):
    """How often a site's secret was changed. The secret itself is made from the installation's; it lies nowhere."""

    __tablename__ = "identity_secret"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    number: Mapped[int]
    changed_at: Mapped[datetime]


class WishRow(Base):
    """How somebody with an address wants to be asked by this site: not before a time, or on one channel only."""

    __tablename__ = "contact_wish"
    __table_args__ = (UniqueConstraint("site_id", "digest"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    digest: Mapped[bytes] = mapped_column(Digest)
    not_before: Mapped[datetime | None]
    only_channel: Mapped[str | None] = mapped_column(String(20))
    changed_at: Mapped[datetime]
