"""Reads of contacts."""

from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector.contacts.contact import Consent, Contact, How, PastConsent, Reachable, Reason
from collector.contacts.models import (
    AddressRow,
    ContactResponseRow,
    ContactRow,
    IdentitySecretRow,
    PastConsentRow,
    SuppressionRow,
    WishRow,
)
from collector.signing import secret

_OF_RESPONSE = select(ContactRow).where(
    ContactRow.id
    == select(ContactResponseRow.contact_id)
    .where(ContactResponseRow.site_id == bindparam("site"), ContactResponseRow.submission_id == bindparam("submission"))
    .scalar_subquery()
)


def contact_of(tx: Session, site: int, submission: UUID) -> Contact | None:
    """Whose response this is, if they can be reached."""
    row = tx.scalars(_OF_RESPONSE, {"site": site, "submission": submission}).first()
    return _value(tx, row) if row else None


def contacts_at(tx: Session, digest: bytes, site: int | None = None) -> list[Contact]:
    """Everybody who has the address with this digest, at one site or at all of them."""
    statement = select(ContactRow).join(AddressRow).where(AddressRow.digest == digest).order_by(ContactRow.id)
    if site is not None:
        statement = statement.where(ContactRow.site_id == site)
    return [_value(tx, row) for row in tx.scalars(statement)]


def contacts_of_site(tx: Session, site: int) -> list[Contact]:
    """Everybody who can be reached at a site, in the order in which they came."""
    statement = select(ContactRow).where(ContactRow.site_id == site).order_by(ContactRow.id)
    return [_value(tx, row) for row in tx.scalars(statement)]


def submissions_of(tx: Session, contact: int) -> list[UUID]:
    """The submissions of a contact's responses."""
    statement = select(ContactResponseRow.submission_id).where(ContactResponseRow.contact_id == contact)
    return list(tx.scalars(statement.order_by(ContactResponseRow.submission_id)))


def suppression_of(tx: Session, site: int, digest: bytes) -> Reason | None:
    """Why a site must not write to the address with this digest; `None` when it may."""
    statement = select(SuppressionRow.reason).where(SuppressionRow.site_id == site, SuppressionRow.digest == digest)
    return cast(Reason | None, tx.scalar(statement))


def past_consents(tx: Session, survey: int, limit: int) -> list[PastConsent]:
    """What a survey asked people to agree to before, the latest first."""
    statement = select(PastConsentRow).where(PastConsentRow.survey_id == survey)
    latest = statement.order_by(PastConsentRow.ended_at.desc(), PastConsentRow.language).limit(limit)
    return [PastConsent(row.language, row.version, row.sentences, row.ended_at) for row in tx.scalars(latest)]


def past_consent(tx: Session, survey: int, language: str, version: str) -> PastConsent | None:
    """What a survey asked people to agree to in a language under this version, if it did so before."""
    row = tx.scalars(
        select(PastConsentRow).where(
            PastConsentRow.survey_id == survey, PastConsentRow.language == language, PastConsentRow.version == version
        )
    ).first()
    return PastConsent(row.language, row.version, row.sentences, row.ended_at) if row else None


def identity_secret(tx: Session, site: int, key: bytes) -> str:
    """The secret under which a site signs who its visitors are: 32 hexadecimal digits, the same until it is changed."""
    number = tx.scalar(select(IdentitySecretRow.number).where(IdentitySecretRow.site_id == site)) or 0
    return secret(key, "identity", site.to_bytes(8, "big"), number.to_bytes(8, "big")).hex()


def _value(tx: Session, row: ContactRow) -> Contact:
    addresses = tx.execute(
        select(AddressRow, SuppressionRow.reason)
        .outerjoin(
            SuppressionRow,
            (SuppressionRow.site_id == AddressRow.site_id) & (SuppressionRow.digest == AddressRow.digest),
        )
        .where(AddressRow.contact_id == row.id)
        .order_by(AddressRow.channel)
        .execution_options(populate_existing=True)
    )
    reachable = tuple(_reachable(address, reason) for address, reason in addresses)
    wishes = tx.scalars(
        select(WishRow).where(
            WishRow.site_id == row.site_id, WishRow.digest.in_([address.digest for address in reachable])
        )
    ).all()
    return Contact(
        id=row.id,
        team=row.team_id,
        site=row.site_id,
        person=row.person,
        zone=row.zone,
        language=row.language,
        addresses=reachable,
        not_before=max((wish.not_before for wish in wishes if wish.not_before is not None), default=None),
        only=next((wish.only_channel for wish in wishes if wish.only_channel is not None), None),
    )


def _reachable(row: AddressRow, reason: str | None) -> Reachable:
    return Reachable(
        contact=row.contact_id,
        channel=row.channel,
        address=row.address,
        digest=bytes(row.digest),
        consent=Consent(row.wording, row.version, row.language, row.given_at, cast(How, row.how)),
        withdrawn_at=row.withdrawn_at,
        suppressed=cast(Reason | None, reason),
    )
