"""Pages for rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.actions import note_change
from collector.accounts.pages import local_time
from collector.notices.actions import add_rule, change_rule, order_test, remove_rule, switch_rule
from collector.notices.form import Known, filled, read_form
from collector.notices.outcome import became
from collector.notices.queries import Told, known, listed, messages, rule_numbered
from collector.notices.rule import GATHERS, WAYS, Rule, Wanted, sentence, shortened
from collector.notices.signature import signing_secret
from collector.outbound.address import Network
from collector.problems import NotFound
from collector.scales import SEGMENTS
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.shell import go, page

bp = Blueprint("notices", __name__, template_folder="templates")

_DONE = {
    "added": "The rule is on.",
    "saved": "The rule is changed.",
    "removed": "The rule is removed.",
    "off": "The rule is off.",
    "on": "The rule is on again.",
    "tested": "A test is on its way. What came of it stands below in a moment; load the page again.",
    "late": "Somebody else changed the rule in the meantime. Nothing was done.",
}
_WHY_OFF = {
    "hand": "Switched off.",
    "gone": "Switched off by itself: the address answered again and again that there is nothing there any more.",
    "left": "Switched off by itself: whoever it tells is not in the team any more.",
}
#: Messages that are shown on a rule's page.
_SHOWN = 10


@bp.get("/team/notices")
@allow(member(Role.editor))
def rules() -> Reply:
    """Every rule of the team, and what became of its last message."""
    with context().database.reading() as tx:
        may_name = known(tx, *_surroundings())
        every = listed(tx, g.team, context().token_key)
    found = [(rule, _sentence(rule.wanted, may_name), last) for rule, last in every]
    return _page("rules", rules=found)


@bp.get("/team/notices/new")
@allow(member(Role.editor))
def new_rule() -> Reply:
    """An empty form."""
    with context().database.reading() as tx:
        may_name = known(tx, *_surroundings())
    given = {"way": "email" if may_name.mail else "slack", "member": str(g.member.id), "gather": "15", "words": "on"}
    return _form(may_name, given, {})


@bp.post("/team/notices")
@allow(member(Role.editor))
def add() -> Reply:
    """Adds the rule that the form holds."""
    here = context()
    with here.database.writing() as tx:
        may_name = known(tx, *_surroundings())
        wanted, faults = read_form(request.form, may_name)
        if wanted is None:
            return _form(may_name, request.form, faults, status=422)
        number = add_rule(tx, g.team, g.member.id, wanted, here.token_key, here.now())
    return go(f"/team/notices/{number}?done=added")


@bp.get("/team/notices/<int:number>")
@allow(member(Role.editor))
def rule(number: int) -> Reply:
    """One rule to change, and what it told."""
    here = context()
    with here.database.reading() as tx:
        found, may_name = rule_numbered(tx, g.team, number, here.token_key), known(tx, *_surroundings())
        told = messages(tx, g.team, number, _SHOWN)
    return _form(may_name, filled(found.wanted, may_name), {}, rule=found, told=told)


@bp.post("/team/notices/<int:number>")
@allow(member(Role.editor))
def change(number: int) -> Reply:
    """Changes a rule to what the form holds."""
    here = context()
    with here.database.writing() as tx:
        found, may_name = rule_numbered(tx, g.team, number, here.token_key), known(tx, *_surroundings())
        wanted, faults = read_form(request.form, may_name, found.wanted)
        if request.form.get("revision") != str(found.revision):
            return go(f"/team/notices/{number}?done=late")
        if wanted is None:
            return _form(may_name, request.form, faults, status=422, rule=found)
        done = "saved" if change_rule(tx, found, g.member.id, wanted, here.token_key, here.now()) else "late"
    return go(f"/team/notices/{number}?done={done}")


@bp.post("/team/notices/<int:number>/switch")
@allow(member(Role.editor))
def switch(number: int) -> Reply:
    """Switches a rule off or on, whichever the button said."""
    here = context()
    to = "on" if request.form.get("to") == "on" else "off"
    with here.database.writing() as tx:
        found = rule_numbered(tx, g.team, number, here.token_key)
        done = to if switch_rule(tx, found, g.member.id, "hand" if to == "off" else None, here.now()) else "late"
    return go(f"/team/notices/{number}?done={done}")


@bp.post("/team/notices/<int:number>/test")
@allow(member(Role.editor))
def test(number: int) -> Reply:
    """Has a test sent by the worker, on the way that notices take."""
    here = context()
    with here.database.writing() as tx:
        order_test(tx, rule_numbered(tx, g.team, number, here.token_key), g.member.id, here.now())
    return go(f"/team/notices/{number}?done=tested")


@bp.post("/team/notices/<int:number>/secret")
@allow(member(Role.editor))
def show_secret(number: int) -> Reply:
    """Shows what a program checks signatures with, and writes down that it was shown."""
    here = context()
    with here.database.writing() as tx:
        found = rule_numbered(tx, g.team, number, here.token_key)
        if found.wanted.way != "webhook" or found.wanted.address is None:
            raise NotFound()
        note_change(tx, g.team, g.member.id, "notice.secret_shown", found.wanted.name, here.now(), {"rule": number})
        may_name, told = known(tx, *_surroundings()), messages(tx, g.team, number, _SHOWN)
    secret = signing_secret(here.token_key, number, found.wanted.address)
    return _form(may_name, filled(found.wanted, may_name), {}, rule=found, told=told, secret=secret)


@bp.post("/team/notices/<int:number>/remove")
@allow(member(Role.editor))
def remove(number: int) -> Reply:
    """Removes a rule and what is known of its messages."""
    here = context()
    with here.database.writing() as tx:
        remove_rule(tx, rule_numbered(tx, g.team, number, here.token_key), g.member.id, here.now())
    return go("/team/notices?done=removed")


def _surroundings() -> tuple[int, bool, tuple[Network, ...]]:
    """What `known` asks for: the team, whether mails can be sent, the operator's own networks."""
    settings = context().settings
    return g.team, "email" in settings.channels, settings.outbound_networks or ()


def _sentence(wanted: Wanted, may_name: Known) -> str:
    site = next((name for number, name in may_name.sites.values() if number == wanted.site), None)
    if wanted.way == "email":
        to = may_name.members.get(wanted.member or 0, "somebody who left") + " by e-mail"
    else:
        name = "a program" if wanted.way == "webhook" else WAYS[wanted.way]
        to = f"{name} at {shortened(wanted.address) if wanted.address else 'an address that has to be written anew'}"
    category = may_name.categories.get(wanted.category, wanted.category) if wanted.category else None
    return sentence(wanted, site, category, to)


def _form(
    may_name: Known, given: Mapping[str, str], faults: dict[str, str], status: int = 200, rule: Rule | None = None,
    told: Sequence[Told] = (), secret: str | None = None,
) -> Reply:  # fmt: skip
    return _page(
        "rule",
        status,
        known=may_name,
        named_sites=[(key, name) for key, (_, name) in may_name.sites.items()],
        named_segments=[(segment, segment.title()) for segment in SEGMENTS],
        given=given,
        faults=faults,
        rule=rule,
        says=_sentence(rule.wanted, may_name) if rule else "",
        told=told,
        secret=secret,
    )


def _page(name: str, status: int = 200, **values: Any) -> Reply:
    return page(
        f"notices/{name}.html",
        status,
        done=_DONE.get(request.args.get("done", "")),
        ways=WAYS,
        gathers=GATHERS,
        why_off=_WHY_OFF,
        became=became,
        shortened=shortened,
        local=local_time(),
        **values,
    )
