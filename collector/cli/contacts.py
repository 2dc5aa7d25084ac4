"""Commands for people who can be reached: what is known of an address, and how it is forgotten."""

import json
from typing import Any

import click

from collector import clock
from collector.cli.installation import installation
from collector.config.secret_file import signing_key
from collector.contacts import actions
from collector.contacts.address import digest_of, read_address
from collector.contacts.contact import REASONS, Address, Contact
from collector.contacts.queries import contacts_at, contacts_of_site, identity_secret, submissions_of, suppression_of
from collector.problems import Fault, ValidationFailed
from collector.sites.queries import site_called, sites


@click.group("contact")
def contact_group() -> None:
    """Show, export and erase people who can be reached, and keep addresses from being written to."""


@contact_group.command("list")
@click.argument("site")
def contact_list(site: str) -> None:
    """List who can be reached at a site: number, person, addresses, and why not, if not."""
    with installation() as here, here.database.reading() as tx:
        for contact in contacts_of_site(tx, site_called(tx, site).id):
            addresses = " ".join(
                one.address + (f" ({one.suppressed})" if one.suppressed else "") for one in contact.addresses
            )
            click.echo(f"{contact.id}  {contact.person or '-'}  {addresses or '-'}")


@contact_group.command("export")
@click.argument("address")
def contact_export(address: str) -> None:
    """Write all that is known of an address as JSON: consents, suppressions, and the responses it belongs to."""
    with installation() as here, here.database.reading() as tx:
        found = _address(address)
        known = {site.id: site for site in sites(tx)}
        value = {
            "address": found.text,
            "contacts": [
                _exported(contact, known[contact.site].key, [str(one) for one in submissions_of(tx, contact.id)])
                for contact in contacts_at(tx, digest_of(found))
            ],
            "suppressions": {
                site.key: reason
                for site in known.values()
                if (reason := suppression_of(tx, site.id, digest_of(found))) is not None
            },
        }
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contact_group.command("erase")
@click.argument("address")
def contact_erase(address: str) -> None:
    """Forget everybody who has this address, at all sites; nobody writes to it again."""
    with installation() as here, here.database.writing() as tx:
        count = actions.forget_address(tx, _address(address), clock.now())
    click.echo(f"{count} erased.", err=True)


@contact_group.command("suppress")
@click.argument("site")
@click.argument("address")
def contact_suppress(site: str, address: str) -> None:
    """Never write to this address for a site."""
    with installation() as here, here.database.writing() as tx:
        actions.suppress(tx, site_called(tx, site), digest_of(_address(address)), "team", clock.now())


@contact_group.command("lift")
@click.argument("site")
@click.argument("address")
def contact_lift(site: str, address: str) -> None:
    """Allow a suppressed address to be written to again, because its owner asked for it."""
    with installation() as here, here.database.writing() as tx:
        if not actions.lift(tx, site_called(tx, site).id, digest_of(_address(address))):
            raise ValidationFailed("Nothing keeps anybody from writing to this address.")


@click.command("secret")
@click.argument("site")
@click.option("--rotate", is_flag=True, help="Make a new one; signatures under the old one are not believed any more.")
def site_secret(site: str, rotate: bool) -> None:
    """Print the secret under which the site's server signs who its visitors are."""
    with installation() as here, here.database.writing() as tx:
        found = site_called(tx, site)
        if rotate:
            actions.change_identity_secret(tx, found, clock.now())
        click.echo(identity_secret(tx, found.id, signing_key(here.settings)))


def _address(text: str) -> Address:
    try:
        return read_address("email" if "@" in text else "sms", text)
    except ValueError as error:
        raise ValidationFailed(faults=[Fault(str(error))]) from None


def _exported(contact: Contact, site: str, submissions: list[str]) -> dict[str, Any]:
    return {
        "site": site,
        "person": contact.person,
        "language": contact.language,
        "zone": contact.zone,
        "not_before": contact.not_before.isoformat() if contact.not_before else None,
        "only": contact.only,
        "responses": submissions,
        "addresses": [
            {
                "channel": one.channel,
                "address": one.address,
                "consent": one.consent.wording,
                "version": one.consent.version,
                "language": one.consent.language,
                "given": one.consent.how,
                "given_at": one.consent.given_at.isoformat(),
                "suppressed": REASONS[one.suppressed] if one.suppressed else None,
            }
            for one in contact.addresses
        ],
    }
