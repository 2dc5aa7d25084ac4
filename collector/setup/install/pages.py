"""The tag to paste, and a look at whether it has arrived."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.pages import address_of, local_time
from collector.setup.install.variants import VARIANTS, policy
from collector.sites.queries import site_of
from collector.sites.site import Site
from collector.web.context import context
from collector.web.guards import allow, member
from collector.web.shell import page
from collector.widget.built import FOLDER
from collector.widget.tag import site_tag

bp = Blueprint("setup_install", __name__, template_folder="../templates")

#: htmx asks no more after an answer with this status.
_SEEN = 286
_WAITING = 204


@bp.get("/sites/<key>/install")
@allow(member())
def install(key: str) -> Reply:
    """What to paste, for the way that `with` names."""
    site = _site(key)
    chosen = next((one for one in VARIANTS if one.key == request.args.get("with")), VARIANTS[0])
    root = address_of("")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(root))
    code = chosen.code(site_tag(root, site.key), f"{root}{FOLDER}/{site.key}.js")
    values: dict[str, Any] = {"chosen": chosen, "code": code, "policy": policy(origin), "root": root}
    return page("setup/install.html", site=site, variants=VARIANTS, moment=local_time(), **values)


@bp.get("/sites/<key>/seen")
@allow(member())
def seen(key: str) -> Reply:
    """For the page that waits: nothing until a page of the site has asked for the form, then that it has."""
    site = _site(key)
    return page("setup/seen.html", _SEEN if site.seen_at else _WAITING, site=site, moment=local_time())


def _site(key: str) -> Site:
    with context().database.reading() as tx:
        return site_of(tx, g.team, key)
