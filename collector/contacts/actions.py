"""Writes to contacts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.orm import Session

from collector.contacts.address import digest_of
from collector.contacts.consent import version_of
from collector.contacts.contact import Address, Consent, Contact, Reason
from collector.contacts.models import (
    AddressRow,
    ContactResponseRow,
    ContactRow,
    IdentitySecretRow,
    PastConsentRow,
    SuppressionRow,
    WishRow,
)
from collector.contacts.queries import contacts_at
from collector.db.bulk import BulkInsert
from collector.sites.site import Site

_PERSON = BulkInsert(
    ContactRow, ["team_id", "site_id", "person", "language", "created_at"], unique=("site_id", "person")
)
_SUPPRESS = BulkInsert(
    SuppressionRow, ["team_id", "site_id", "digest", "reason", "made_at"], unique=("site_id", "digest")
)
_FIRST_WISH = BulkInsert(WishRow, ["team_id", "site_id", "digest", "changed_at"], unique=("site_id", "digest"))
_FIRST_SECRET = BulkInsert(IdentitySecretRow, ["site_id", "team_id", "number", "changed_at"], unique=("site_id",))


def keep_address(
    tx: Session, site: Site, submission: UUID, address: Address, consent: Consent, zone: str | None
) -> None:
    """Keeps an address that a visitor gave with a response. It belongs to the contact whose response it is, else to a new
    one: that somebody typed an address proves nothing about whoever else typed it."""
    contact = tx.scalar(
        select(ContactResponseRow.contact_id).where(
            ContactResponseRow.site_id == site.id, ContactResponseRow.submission_id == submission
        )
    )
    if contact is None:
        row = ContactRow(team_id=site.team, site_id=site.id, language=consent.language, created_at=consent.given_at)
        tx.add(row)
        tx.flush()
        contact = row.id
        _link(tx, site, submission, contact)
    if zone is not None:
        tx.execute(update(ContactRow).where(ContactRow.id == contact).values(zone=zone))
    _agree(tx, site, contact, address, consent)


def keep_person(
    tx: Session, site: Site, submission: UUID, person: str, consents: Mapping[Address, Consent], language: str,
    now: datetime,
) -> None:  # fmt: skip
    """Keeps whom the site says its visitor is, with the addresses that it signed."""
    _PERSON.run(tx, [(site.team, site.id, person, language, now)])
    contact = tx.scalars(select(ContactRow.id).where(ContactRow.site_id == site.id, ContactRow.person == person)).one()
    for address, consent in consents.items():
        _agree(tx, site, contact, address, consent)
    _link(tx, site, submission, contact)


def _agree(tx: Session, site: Site, contact: int, address: Address, consent: Consent) -> None:
    row = tx.scalars(
        select(AddressRow).where(AddressRow.contact_id == contact, AddressRow.channel == address.channel)
    ).first()
    if row is None:
        row = AddressRow(team_id=site.team, site_id=site.id, contact_id=contact, channel=address.channel)
        tx.add(row)
    row.address, row.digest = address.text, digest_of(address)
    row.wording, row.version, row.language = consent.wording, consent.version, consent.language
    row.how, row.given_at, row.withdrawn_at = consent.how, consent.given_at, None
    tx.flush()


def keep_past_consent(
    tx: Session, site: Site, survey: int, language: str, shown: Mapping[str, str], now: datetime
) -> None:
    """Writes down what people were asked to agree to until `now`, by channel, when it is changed."""
    version = version_of(shown)
    same = PastConsentRow.version == version
    tx.execute(
        delete(PastConsentRow).where(PastConsentRow.survey_id == survey, PastConsentRow.language == language, same)
    )
    row = PastConsentRow(team_id=site.team, site_id=site.id, survey_id=survey, language=language, version=version)
    row.sentences, row.ended_at = dict(shown), now
    tx.add(row)
    tx.flush()


def _link(tx: Session, site: Site, submission: UUID, contact: int) -> None:
    row = tx.get(ContactResponseRow, (site.id, submission))
    if row is None:
        row = ContactResponseRow(site_id=site.id, submission_id=submission, team_id=site.team)
        tx.add(row)
    row.contact_id = contact
    tx.flush()


def hold_mailboxes(tx: Session, digests: frozenset[bytes]) -> None:
    """Keeps everybody else from deciding about these mailboxes until the transaction ends, so that two who decide at once do
    not both find that nothing was sent yet. On SQLite, writers are alone anyway."""
    rows = select(AddressRow.id).where(AddressRow.digest.in_(digests)).order_by(AddressRow.id).with_for_update()
    tx.execute(rows).all()


def suppress(tx: Session, site: Site, digest: bytes, reason: Reason, now: datetime) -> None:
    """Keeps a site from writing to an address. What its owner says counts for all their addresses; a mailbox that is gone says
    nothing of the others. The first reason stays."""
    digests = {digest} if reason == "bounced" else _all_of(tx, site, digest)
    _SUPPRESS.run(tx, [(site.team, site.id, one, reason, now) for one in sorted(digests)])


def suppress_everywhere(tx: Session, sites: Iterable[Site], digest: bytes, reason: Reason, now: datetime) -> None:
    """Keeps all of `sites` from writing to an address, and from writing to everything else that its owner left where they left
    it: said to a number that all sites share, a stop is meant for all of them."""
    places = {(site.team, site.id, digest) for site in sites}
    for contact in contacts_at(tx, digest):
        places |= {(contact.team, contact.site, other.digest) for other in contact.addresses}
    # In one order, so that two who say so at once do not wait for each other.
    _SUPPRESS.run(tx, [(*place, reason, now) for place in sorted(places)])


def wish(tx: Session, site: Site, digest: bytes, not_before: datetime | None, only: str | None, now: datetime) -> None:
    """Keeps how somebody wants to be asked by a site; the last wish counts, for all their addresses."""
    for one in sorted(_all_of(tx, site, digest)):
        _FIRST_WISH.run(tx, [(site.team, site.id, one, now)])
        tx.execute(
            update(WishRow)
            .where(WishRow.site_id == site.id, WishRow.digest == one)
            .values(not_before=not_before, only_channel=only, changed_at=now)
            .execution_options(synchronize_session=False)
        )


def _all_of(tx: Session, site: Site, digest: bytes) -> set[bytes]:
    """All addresses of whoever has this one."""
    return {digest} | {other.digest for contact in contacts_at(tx, digest, site.id) for other in contact.addresses}


def lift(tx: Session, site: int, digest: bytes) -> bool:
    """Lets a site write to an address again. `False` when nothing kept it from doing so."""
    gone = delete(SuppressionRow).where(SuppressionRow.site_id == site, SuppressionRow.digest == digest)
    return tx.execute(gone.returning(SuppressionRow.id)).first() is not None


def forget_address(tx: Session, address: Address, now: datetime) -> int:
    """Erases everybody who has this address, at every site, and returns how many they were. Their responses stay, without a
    link to a person; the address's digest stays as a suppression, so that nobody writes to it again."""
    contacts = contacts_at(tx, digest_of(address))
    for contact in contacts:
        forget(tx, contact, now)
    return len(contacts)


def forget(tx: Session, contact: Contact, now: datetime) -> None:
    """Erases a person at a site with their addresses and wishes. Only the digests stay, as suppressions."""
    digests = [one.digest for one in contact.addresses]
    _SUPPRESS.run(tx, [(contact.team, contact.site, one, "erased", now) for one in digests])
    tx.execute(delete(WishRow).where(WishRow.site_id == contact.site, WishRow.digest.in_(digests)))
    tx.execute(delete(ContactRow).where(ContactRow.id == contact.id))


def forget_response(tx: Session, site: int, submission: UUID, *, known: bool = False) -> None:
    """Takes a response's link to its person away; a contact who has no other response goes with it, and its addresses. Whom the
    site named stays, unless `known` says that they go too."""
    gone = delete(ContactResponseRow).where(
        ContactResponseRow.site_id == site, ContactResponseRow.submission_id == submission
    )
    contact = tx.scalar(gone.returning(ContactResponseRow.contact_id))
    if contact is None:
        return
    others = select(func.count()).where(ContactResponseRow.contact_id == contact).scalar_subquery()
    tx.execute(
        delete(ContactRow)
        .where(ContactRow.id == contact, true() if known else ContactRow.person.is_(None), others == 0)
        .execution_options(synchronize_session=False)
    )


def change_identity_secret(tx: Session, site: Site, now: datetime) -> None:
    """Gives a site a new secret; what was signed under the old one is not believed any more."""
    _FIRST_SECRET.run(tx, [(site.id, site.team, 0, now)])
    tx.execute(
        update(IdentitySecretRow)
        .where(IdentitySecretRow.site_id == site.id)
        .values(number=IdentitySecretRow.number + 1, changed_at=now)
    )
