"""Commands for people who can be reached."""

import json
from uuid import UUID

from collector.contacts.actions import keep_address
from collector.contacts.address import read_address
from collector.contacts.contact import Consent
from collector.db import Database
from collector.sites.site import Site
from tests.cli.test_commands import lukewarm as lukewarm
from tests.intake.test_submit import send
from tests.make import NOW, submission, submission_id


def test_an_address_is_listed_exported_and_erased(lukewarm, client, site: Site, database: Database):
    send(client, site, submission(1))
    with database.writing() as tx:
        consent = Consent("Shop may write to me.", "v1", "en", NOW, "form")
        keep_address(tx, site, UUID(submission_id(1)), read_address("email", "ann+a@example.com"), consent, None)
    assert "ann+a@example.com" in lukewarm("contact", "list", "Shop").stdout
    (exported,) = json.loads(lukewarm("contact", "export", "Ann@example.com").stdout)["contacts"]
    assert exported["responses"] == [submission_id(1)]
    assert exported["addresses"][0]["consent"] == "Shop may write to me."
    assert lukewarm("contact", "erase", "ann@example.com").stderr == "1 erased.\n"
    assert lukewarm("contact", "list", "Shop").stdout == ""
    left = json.loads(lukewarm("contact", "export", "ann@example.com").stdout)
    assert (left["contacts"], left["suppressions"]) == ([], {site.key: "erased"})
    assert lukewarm("contact", "lift", "Shop", "ann@example.com").exit_code == 0
    assert lukewarm("contact", "lift", "Shop", "ann@example.com").exit_code == 1


def test_a_site_has_a_secret_that_changes_only_when_asked(lukewarm, site: Site):
    first = lukewarm("site", "secret", "Shop").stdout
    assert len(first.strip()) == 32
    assert lukewarm("site", "secret", "Shop").stdout == first
    assert lukewarm("site", "secret", "Shop", "--rotate").stdout != first


def test_what_is_no_address_is_said_in_a_line(lukewarm):
    result = lukewarm("contact", "erase", "Ann")
    assert result.exit_code == 1
    assert "not one mobile number" in result.stderr
