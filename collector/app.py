"""The application: everything that is mounted, in one place and in order."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import find_spec
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from collector import clock
from collector.accounts.api import recognise_key
from collector.accounts.door import pages as accounts_door
from collector.accounts.forgotten import pages as accounts_forgotten
from collector.accounts.invited import pages as accounts_invited
from collector.accounts.log import pages as accounts_log
from collector.accounts.oidc import pages as accounts_oidc
from collector.accounts.pages import recognise_member
from collector.accounts.passkeys import pages as accounts_passkeys
from collector.accounts.people import pages as accounts_people
from collector.accounts.programs import pages as accounts_programs
from collector.accounts.turns import Turns
from collector.accounts.you import pages as accounts_you
from collector.answering import api as answering_api
from collector.answering import pages as answering_pages
from collector.answering.person import pages as answering_person
from collector.answering.sms import api as answering_sms
from collector.bounces import api as bounces_api
from collector.cases import pages as cases_pages
from collector.cases.board import pages as cases_board
from collector.cases.tags import pages as cases_tags
from collector.config import Settings
from collector.config.secret_file import signing_key
from collector.db import UNAVAILABLE, Database
from collector.db.bulk import BulkWriter
from collector.exports import api as exports_api
from collector.exports import pages as exports_pages
from collector.hosted.form import pages as hosted_form
from collector.hosted.told import pages as hosted_told
from collector.inbox import pages as inbox_pages
from collector.inbox.aside import pages as inbox_aside
from collector.inbox.story import pages as inbox_story
from collector.intake import api as intake_api
from collector.intake.actions import store
from collector.intake.admission import Admission, Rates
from collector.intake.cache import SnapshotCache
from collector.intake.committer import Committer
from collector.intake.limits import Limits
from collector.intake.proof import challenge
from collector.intake.submission import Rows
from collector.mailbox import pages as mailbox_pages
from collector.notices import pages as notices_pages
from collector.notices.digests import pages as digests_pages
from collector.outcomes import api as outcomes_api
from collector.own import mount_own
from collector.setup.consent import pages as setup_consent
from collector.setup.first import pages as setup_first
from collector.setup.install import pages as setup_install
from collector.setup.look import pages as setup_look
from collector.setup.people import pages as setup_people
from collector.setup.questions import pages as setup_questions
from collector.setup.retention import pages as setup_retention
from collector.setup.site import pages as setup_site
from collector.setup.survey import pages as setup_survey
from collector.setup.when import pages as setup_when
from collector.waves import pages as waves_pages
from collector.web import assets
from collector.web.body import MAX_BODY
from collector.web.context import Context, mail_is_open
from collector.web.cors import write_cors_headers
from collector.web.errors import handle_errors
from collector.web.guards import hold_policies
from collector.web.requests import follow_requests
from collector.web.shell import Entry
from collector.widget import api as widget_api
from collector.widget import pages as widget_pages

if TYPE_CHECKING:
    from collector.accounts.oidc.providers.openid import Provider

BLUEPRINTS = (
    intake_api.bp,
    widget_api.bp,
    widget_pages.bp,
    hosted_form.bp,
    hosted_told.bp,
    outcomes_api.bp,
    answering_api.bp,
    answering_pages.bp,
    answering_sms.bp,
    answering_person.bp,
    bounces_api.bp,
    mailbox_pages.bp,
    exports_api.bp,
    exports_pages.bp,
    setup_first.bp,
    setup_site.bp,
    setup_install.bp,
    setup_survey.bp,
    setup_questions.bp,
    setup_consent.bp,
    setup_look.bp,
    setup_when.bp,
    setup_people.bp,
    accounts_door.bp,
    accounts_passkeys.bp,
    accounts_oidc.bp,
    accounts_forgotten.bp,
    accounts_people.bp,
    accounts_invited.bp,
    accounts_programs.bp,
    accounts_log.bp,
    accounts_you.bp,
    inbox_pages.bp,
    inbox_story.bp,
    inbox_aside.bp,
    waves_pages.bp,
    cases_board.bp,
    cases_pages.bp,
    cases_tags.bp,
    notices_pages.bp,
    digests_pages.bp,
    setup_retention.bp,
)

#: What stands in the frame of the team's pages, from top to bottom.
NAVIGATION = (
    Entry("Inbox", "/inbox", "inbox"),
    Entry("Cases", "/cases", "cases", count=cases_board.overdue_now),
    Entry("Sites", "/sites", "sites"),
    Entry("Team", "/team", "team"),
)


class RowNumber(IntegerConverter):
    """A number in an address that can be a row's: larger ones lead nowhere, as those of rows that are not there."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


class ReadingRule(Rule):
    """A rule that reads addresses and makes none; ours are written out where they stand. Werkzeug would compile what makes
    them, twice for each rule: 71 of the 80 ms that an application takes to be made."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _no_address


def _no_address(*_: object, **__: object) -> tuple[str, str]:
    raise RuntimeError("Write the address out: nothing here makes addresses from routes.")


def create_app(
    settings: Settings, database: Database, *, now: Callable[[], datetime] = clock.now, demo_site: str | None = None
) -> Flask:
    """The collector as a WSGI application. `demo_site` is the key of a site to show on `/demo`."""
    app = Flask("collector", static_folder=None, template_folder="web/templates")
    app.url_rule_class = ReadingRule
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    app.url_map.converters["int"] = RowNumber
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["DEBUG"] = False  # whatever FLASK_DEBUG says
    app.extensions["lukewarm"] = Context(settings, database, signing_key(settings), now)
    snapshots = SnapshotCache(settings.configuration_max_age)
    rates = Rates(
        settings.network_limit, settings.site_limit, settings.total_limit, settings.read_limit, settings.key_limit
    )
    app.extensions["lukewarm.snapshots"] = snapshots
    limits = Limits()
    app.extensions["lukewarm.limits"] = limits
    ask = _challenges(app.extensions["lukewarm"]) if settings.proof_of_work == "auto" else None
    app.extensions["lukewarm.admission"] = Admission(rates, limits, snapshots.knows, ask)
    app.extensions["lukewarm.committer"] = _committer(database)
    app.extensions["lukewarm.demo"] = demo_site
    # A download keeps its thread for as long as its reader takes; the other half stays free for visitors.
    app.extensions["lukewarm.downloads"] = BoundedSemaphore(max(1, settings.threads // 2))
    # A password takes a processor and 19 MiB; half of the threads, those who wait included, stay free for visitors.
    app.extensions["lukewarm.hashing"] = Turns(max(1, min(os.cpu_count() or 1, settings.threads // 4)))
    # Whether the extra is installed is seen without loading it.
    app.extensions["lukewarm.passkeys"] = find_spec("webauthn") is not None
    app.extensions["lukewarm.openid"] = _openid(settings)
    # A provider that says nothing holds a thread for seconds: one, and one more that waits for its turn.
    app.extensions["lukewarm.calling"] = Turns(max(1, settings.threads // 8))
    follow_requests(app)
    write_cors_headers(app)
    handle_errors(app)
    app.extensions["lukewarm.navigation"] = NAVIGATION
    app.jinja_env.globals["file"] = assets.address
    app.jinja_env.globals["mail_is_open"] = mail_is_open
    app.before_request(intake_api.admit_reads)
    app.before_request(recognise_key)
    app.before_request(recognise_member)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    mount_own(app)
    hold_policies(app)
    return app


def _openid(settings: Settings) -> "Provider | None":
    if settings.oidc_issuer is None:
        return None
    from collector.accounts.oidc.providers.openid import Provider  # noqa: PLC0415 - an extra, for whose settings name one

    name = settings.oidc_name or urlsplit(settings.oidc_issuer).netloc
    client, secret = settings.oidc_client_id or "", settings.oidc_client_secret or ""
    return Provider(settings.oidc_issuer, name, client, secret, f"{settings.public_url}/login/oidc/callback")


def _challenges(here: Context) -> Callable[[str, str], str]:
    return lambda site, network: challenge(here.token_key, site, network, here.now())


def _committer(database: Database) -> Committer:
    writer = BulkWriter(database)

    def write(batch: Sequence[Rows]) -> Sequence[bool]:
        with writer.writing() as tx:
            return store(tx, batch)

    return Committer(write, lambda error: not isinstance(error, UNAVAILABLE))
