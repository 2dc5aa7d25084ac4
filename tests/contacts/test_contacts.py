"""Contacts on both databases: consent is kept as it was shown, an address is forgotten everywhere, a suppression stays."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from collector.contacts.actions import (
    change_identity_secret,
    forget_address,
    forget_response,
    keep_address,
    lift,
    suppress,
)
from collector.contacts.address import digest_of, read_address
from collector.contacts.consent import refusal
from collector.contacts.contact import Consent
from collector.contacts.identity import Identity, sign, signed_text
from collector.contacts.models import AddressRow, ContactRow, SuppressionRow
from collector.contacts.queries import contact_of, contacts_at, identity_secret
from collector.db import Database
from collector.intake.actions import erase_response
from collector.sites.site import Site
from tests.intake.test_submit import send
from tests.make import NOW, make_site, submission, submission_id

ANN = read_address("email", "ann@example.com")
KEY = b"a key for tests that is long enough to be one"
CONSENT = Consent("Shop may write to me.", "v1", "en", NOW, "form")
FIRST = UUID(submission_id(1))


@pytest.fixture
def stored(client: FlaskClient, site: Site) -> None:
    for number in (1, 2):
        send(client, site, submission(number))


def counted(database: Database, row: type) -> int:
    with database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(row))


@pytest.mark.usefixtures("stored")
def test_an_address_is_kept_with_the_sentence_that_was_agreed_to(site: Site, database: Database):
    with database.writing() as tx:
        keep_address(tx, site, FIRST, ANN, CONSENT, "Europe/Helsinki")
    with database.reading() as tx:
        contact = contact_of(tx, site.id, FIRST)
    assert contact is not None
    (found,) = contact.addresses
    assert (found.address, found.consent, contact.zone) == ("ann@example.com", CONSENT, "Europe/Helsinki")
    assert refusal(contact.addresses, "email") is None
    assert refusal(contact.addresses, "sms") == "There is no address for sms."


@pytest.mark.usefixtures("stored")
def test_a_corrected_address_takes_the_place_of_the_wrong_one(site: Site, database: Database):
    with database.writing() as tx:
        keep_address(tx, site, FIRST, read_address("email", "amn@example.com"), CONSENT, None)
        keep_address(tx, site, FIRST, ANN, CONSENT, None)
    assert counted(database, ContactRow) == counted(database, AddressRow) == 1


@pytest.mark.usefixtures("stored")
def test_typing_somebodys_address_gives_no_hold_on_their_contact(site: Site, database: Database):
    """Else whoever typed a victim's address and then their own would get the victim's messages."""
    with database.writing() as tx:
        keep_address(tx, site, FIRST, ANN, CONSENT, None)
        second = UUID(submission_id(2))
        keep_address(tx, site, second, ANN, CONSENT, None)
        keep_address(tx, site, second, read_address("email", "eve@example.com"), CONSENT, None)
        assert [one.address for one in contact_of(tx, site.id, FIRST).addresses] == ["ann@example.com"]


@pytest.mark.usefixtures("stored")
def test_a_suppression_holds_for_every_spelling_and_outlives_the_address(site: Site, database: Database):
    spelled = read_address("email", "Ann+news@example.com")
    with database.writing() as tx:
        keep_address(tx, site, FIRST, spelled, CONSENT, None)
        suppress(tx, site, digest_of(ANN), "unsubscribed", NOW)
        suppress(tx, site, digest_of(ANN), "complained", NOW)
        contact = contact_of(tx, site.id, FIRST)
        assert contact.addresses[0].suppressed == "unsubscribed"
        assert refusal(contact.addresses, "email") == "The address must not be written to: the person said stop."
        assert forget_address(tx, ANN, NOW) == 1
        assert contacts_at(tx, digest_of(ANN)) == []
    assert counted(database, SuppressionRow) == 1
    with database.writing() as tx:
        assert lift(tx, site.id, digest_of(ANN))
        assert not lift(tx, site.id, digest_of(ANN))


@pytest.mark.usefixtures("stored")
def test_stop_counts_for_all_addresses_of_whoever_said_it(site: Site, database: Database):
    phone = read_address("sms", "+447400123456")
    with database.writing() as tx:
        keep_address(tx, site, FIRST, ANN, CONSENT, None)
        keep_address(tx, site, FIRST, phone, CONSENT, None)
        suppress(tx, site, digest_of(phone), "unsubscribed", NOW)
        assert {one.suppressed for one in contact_of(tx, site.id, FIRST).addresses} == {"unsubscribed"}


@pytest.mark.usefixtures("stored")
def test_an_erased_response_takes_its_person_along(site: Site, database: Database):
    with database.writing() as tx:
        keep_address(tx, site, FIRST, ANN, CONSENT, None)
        forget_response(tx, site.id, FIRST)
        forget_response(tx, site.id, FIRST)
    assert counted(database, ContactRow) == counted(database, AddressRow) == 0


def test_a_suppression_at_one_site_says_nothing_of_another(site: Site, database: Database):
    with database.writing() as tx:
        other = make_site(tx, name="Other")
        suppress(tx, site, digest_of(ANN), "unsubscribed", NOW)
        assert not lift(tx, other.id, digest_of(ANN))


def identity(database: Database, site: Site, number: int = 0, **parts: object) -> dict[str, object]:
    given = {"id": "user-7", "email": "ann@example.com", "phone": None, "expires": int(NOW.timestamp()) + 3600} | parts
    with database.reading() as tx:
        secret = identity_secret(tx, site.id, KEY)
    text = signed_text(site.key, Identity(**given, signature=""))
    return {name: value for name, value in given.items() if value is not None} | {"signature": sign(secret, text)}


def test_a_signed_visitor_is_the_same_contact_each_time(client: FlaskClient, site: Site, database: Database):
    for number in (1, 2):
        send(client, site, submission(number, identity=identity(database, site)))
    with database.reading() as tx:
        first, second = (contact_of(tx, site.id, UUID(submission_id(number))) for number in (1, 2))
    assert first == second
    assert (first.person, first.addresses[0].address) == ("user-7", "ann@example.com")


def test_a_wrong_signature_costs_the_name_and_not_the_feedback(client: FlaskClient, site: Site, database: Database):
    forged = identity(database, site) | {"email": "eve@example.com"}
    reply = send(client, site, submission(1, identity=forged))
    assert reply.status_code == 201
    assert reply.data == send(client, site, submission(1)).data
    assert counted(database, ContactRow) == 0


def test_under_a_new_secret_old_signatures_are_not_believed(client: FlaskClient, site: Site, database: Database):
    old = identity(database, site)
    with database.writing() as tx:
        change_identity_secret(tx, site, NOW)
    assert send(client, site, submission(1, identity=old)).status_code == 201
    assert counted(database, ContactRow) == 0
    assert send(client, site, submission(2, identity=identity(database, site))).status_code == 201
    assert counted(database, ContactRow) == 1


def test_a_signed_address_that_is_none_is_left_out(client: FlaskClient, site: Site, database: Database):
    send(client, site, submission(1, identity=identity(database, site, email="not an address")))
    assert (counted(database, ContactRow), counted(database, AddressRow)) == (1, 0)


@pytest.mark.parametrize("broken", [{"id": ""}, {"signature": "x"}, {"expires": "soon"}, {"more": 1}])
def test_an_identity_that_cannot_be_read_is_a_fault_of_the_page(client, site, database, broken):
    reply = send(client, site, submission(1, identity=identity(database, site) | broken))
    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"].startswith("/identity/")


def test_a_person_who_erases_a_response_is_forgotten_with_it(client: FlaskClient, site: Site, database: Database):
    token = send(client, site, submission(1)).json["token"]
    with database.writing() as tx:
        keep_address(tx, site, FIRST, ANN, CONSENT, None)
        erase_response(tx, token, KEY, NOW)
    assert counted(database, ContactRow) == counted(database, AddressRow) == 0
