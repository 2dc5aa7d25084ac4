"""The same files for members."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.exports.api import file_of_responses
from collector.exports.formats import FORMATS
from collector.problems import CrossSite
from collector.web.guards import Role, allow, member

bp = Blueprint("exports_pages", __name__)


@allow(member(Role.analyst))
def download(format: str) -> Reply:
    """All responses of the member's team that the filter means. A page of another site that led here would see that nothing
    but a file came, and with that that somebody is signed in."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise CrossSite()
    return file_of_responses(format, g.team)


for _name in FORMATS:
    bp.add_url_rule(f"/exports/responses.{_name}", view_func=download, defaults={"format": _name})
