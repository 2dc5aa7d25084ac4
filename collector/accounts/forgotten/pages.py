"""Asking for a letter with a link for a new password."""

from flask import Blueprint, request
from flask import Response as Reply

from collector.accounts.forgotten.actions import order_reset
from collector.accounts.pages import came_from, take
from collector.accounts.tries import tries_of_letter
from collector.problems import NotFound, TooManyTries
from collector.web.context import context, mail_is_open
from collector.web.guards import VISITOR_OF_OURS, allow
from collector.web.shell import page

bp = Blueprint("accounts_forgotten", __name__, template_folder="../templates")


@bp.get("/forgot")
@allow(VISITOR_OF_OURS)
def ask() -> Reply:
    """The form for the address. Raises `NotFound` where no mail is sent."""
    _only_where_mail_is_sent()
    return page("accounts/forgot.html")


@bp.post("/forgot")
@allow(VISITOR_OF_OURS)
def order() -> Reply:
    """Has the letter sent. Says the same, and does the same, whether anybody here has the address or nobody."""
    _only_where_mail_is_sent()
    typed = request.form.get("email", "")
    email = typed.strip().lower() if typed.isprintable() and len(typed) < 300 else ""
    try:
        take(tries_of_letter(email, came_from()))
    except TooManyTries as problem:
        reply = page("accounts/forgot.html", problem.status, email=typed, refused=problem.detail)
        reply.headers.update(problem.headers)
        return reply
    here = context()
    with here.database.writing() as tx:
        order_reset(tx, email, here.now())
    return page("accounts/forgot.html", sent=True)


def _only_where_mail_is_sent() -> None:
    if not mail_is_open():
        raise NotFound()
