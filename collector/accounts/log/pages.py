"""The audit log."""

from flask import Blueprint, g, request
from flask import Response as Reply

from collector.accounts.log.queries import changes
from collector.accounts.log.sentences import detail_words, whose, words_for
from collector.accounts.pages import local_time
from collector.web.context import context
from collector.web.guards import Role, allow, member
from collector.web.paging import DEFAULT_LIMIT, cursor_after, row_of
from collector.web.shell import page

bp = Blueprint("accounts_log", __name__, template_folder="../templates")


@bp.get("/team/log")
@allow(member(Role.owner))
def log() -> Reply:
    """What was changed and by whom, newest first, page by page."""
    cursor = request.args.get("after")
    before = row_of(cursor) if cursor else None
    with context().database.reading() as tx:
        found = changes(tx, g.team, before, DEFAULT_LIMIT + 1)
    shown = found[:DEFAULT_LIMIT]
    following = cursor_after(shown[-1].id) if len(found) > DEFAULT_LIMIT else None
    lines = [(one, whose(one.by, one.verb), words_for(one.verb, one.target), detail_words(one.detail)) for one in shown]
    return page("accounts/log.html", lines=lines, following=following, is_first=before is None, local=local_time())
