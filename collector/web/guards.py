"""Who may come in. Looks at what `accounts` put on the request; knows nothing of how it got there."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g

from collector.problems import KeyRequired, ScopeMissing

P = ParamSpec("P")
R = TypeVar("R")


def key_required(scope: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Lets a view run only for a request with a usable API key that has `scope`. The key's team is then `g.team`."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            key = g.get("api_key")
            if key is None:
                raise KeyRequired()
            if scope not in key.scopes:
                raise ScopeMissing(f"This needs the scope {scope}.")
            g.team = key.team
            return view(*args, **kwargs)

        return guarded

    return guard
