"""Puts the API key on the request, where `web/guards.py` looks for it."""

from flask import g, request

from collector.accounts.queries import usable_key
from collector.web.context import context


def recognise_key() -> None:
    """Before each request of a program: a bearer key that may be used becomes `g.api_key`. Whether one is needed, the
    route says."""
    if not request.path.startswith("/api/"):
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(secret.strip()) <= 100:
        return
    here = context()
    with here.database.reading() as tx:
        g.api_key = usable_key(tx, secret.strip(), here.now())
