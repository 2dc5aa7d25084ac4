"""Teams, members with their roles, sessions and ways to sign in, API keys, and what was changed by whom."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, BigKey, Digest


class TeamRow(Base):
    """The tenant. Every row that belongs to one carries its number."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]


class MemberRow(Base):
    """A person who signs in. Stands above teams: one person may be in several. `email` is in its one normal form."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64), server_default="UTC")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    #: What codes are counted from (RFC 6238), hidden with the installation's key (`hiding.hide`). It is asked for since
    #: `totp_since`; until then it is a draft.
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_since: Mapped[datetime | None]
    #: The last step whose code was taken, so that none is taken twice.
    totp_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCodeRow(Base):
    """A code for when the device that counts codes is lost. Taking one deletes its row."""

    __tablename__ = "recovery_code"

    fingerprint: Mapped[bytes] = mapped_column(Digest, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)


class PasskeyRow(Base):
    """A key that a device or a password manager signs with in a member's name (WebAuthn). `credential` is what it calls the
    key, in base64url; `public_key` is in the form of COSE (RFC 9052). `uses` is the device's own count, which only goes up,
    or stays 0 where a device does not count."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ChallengeRow(Base):
    """What a passkey is asked to sign, as a hash. Each is for one signature, whatever becomes of it: using it deletes its
    row. `member_id` says who may add a passkey with it, after the password was given; it is empty for signing in."""

    __tablename__ = "passkey_challenge"

    fingerprint: Mapped[bytes] = mapped_column(Digest, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class IdentityRow(Base):
    """That somebody at an OpenID provider is a member. `subject` is the provider's own name for them, which never goes to
    another person, as addresses do."""

    __tablename__ = "member_identity"
    __table_args__ = (UniqueConstraint("issuer", "member_id"),)

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    created_at: Mapped[datetime]


class ResetRow(Base):
    """That a member may choose a new password with a link. One for each member; using it deletes its row."""

    __tablename__ = "password_reset"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(Digest, unique=True)
    expires_at: Mapped[datetime]


class ResetLetterRow(Base):
    """The latest letter with a link for a new password that was tried for a member, as an invitation keeps its own. `asked_at`
    tells which order it was for. It outlives the link: a worker that comes back to the order finds what became of it."""

    __tablename__ = "reset_letter"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    asked_at: Mapped[datetime]
    letter: Mapped[str] = mapped_column(String(20))
    letter_reply: Mapped[str | None] = mapped_column(String(60))


class TriesRow(Base):
    """When somebody's tries to sign in will all have come back. `owner` is a hash of an address, a network or a member's
    number; whoever has no row has all of them."""

    __tablename__ = "sign_in_tries"

    owner: Mapped[bytes] = mapped_column(Digest, primary_key=True)
    full_at: Mapped[datetime] = mapped_column(index=True)


class MembershipRow(Base):
    """That a person is in a team, and the number of the role there."""

    __tablename__ = "membership"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)
    role: Mapped[int] = mapped_column(SmallInteger)
    joined_at: Mapped[datetime]


class InvitationRow(Base):
    """An invitation that is open. Accepting or withdrawing it deletes its row. Its link is made from `nonce` with the
    installation's key, so that what could be used lies nowhere. `letter` is what became of its letter (`letters.standing`),
    empty before the first try, and `letter_reply` what the mail server said."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("team_id", "email"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    nonce: Mapped[UUID] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[int] = mapped_column(SmallInteger)
    invited_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    letter: Mapped[str | None] = mapped_column(String(20))
    letter_reply: Mapped[str | None] = mapped_column(String(60))


class SessionRow(Base):
    """A browser in which somebody is signed in, and the team that is looked at there. Only the cookie's fingerprint is kept;
    ending a session deletes its row."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(Digest, unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ChangeRow(Base):
    """One line of the audit log: who did what to which thing. `member_id` is empty for the command line and the clock.
    `detail` holds settings and names, never words of visitors nor secrets."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_team_id_id", "team_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class ApiKeyRow(Base):
    """A key for programs. Only its fingerprint is kept; `hint` is its beginning, so that people can tell keys apart. `made_by`
    is who has seen the secret; empty for the command line."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(String(12))
    fingerprint: Mapped[bytes] = mapped_column(Digest, unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
