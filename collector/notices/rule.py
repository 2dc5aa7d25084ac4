"""When a team wants to be told of a response, and what that is in words."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from collector.questions.choose import page_match
from collector.responses.filters import FILTERS
from collector.responses.response import StoredResponse

#: Ways out, each with what it is called.
WAYS: dict[str, str] = {
    "email": "E-mail",
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "mattermost": "Mattermost",
    "webhook": "Program",
}
#: What addresses are hidden for (`hiding.hide`); each one's owner is its rule.
HIDDEN_FOR = "the address of a rule"
#: Minutes for which a message gathers, each with what that is called.
GATHERS: dict[int, str] = {
    0: "At once, at most every 5 minutes",
    5: "Every 5 minutes",
    15: "Every 15 minutes",
    60: "Every hour",
    240: "Every 4 hours",
}
#: Why a rule is off: by hand; the address answered again and again that nobody is there; the member has left the team.
Off = Literal["hand", "gone", "left"]

NAME_LONGEST, PAGE_LONGEST = 80, 200
#: Rules of one team. Each may keep the worker waiting for a slow address.
MOST_RULES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to be told, and how. `site` and `member` are row numbers; `commented` narrows to responses with
    words, or to those without; `words` says whether a message may quote them. `address` is there for who asked with the
    installation's key, if that shows it."""

    name: str
    way: str
    site: int | None = None
    segment: str | None = None
    category: str | None = None
    page: str | None = None
    commented: bool | None = None
    member: int | None = None
    address: str | None = None
    gather: int = 15
    words: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is kept."""

    id: int
    team: int
    wanted: Wanted
    off: Off | None
    revision: int


def matches(wanted: Wanted, response: StoredResponse) -> bool:
    """Whether a team that wants this is told of the response. What was not finished, is hardly a person's,
    or was set aside, is not told."""
    return (
        not response.partial
        and response.suspect is None
        and response.set_aside_at is None
        and wanted.site in (None, response.site)
        and wanted.segment in (None, response.segment)
        and wanted.category in (None, response.category)
        and wanted.commented in (None, bool(response.comment))
        and (wanted.page is None or page_match(response.page, (wanted.page,)) is not None)
    )


def sentence(wanted: Wanted, site: str | None, category: str | None, to: str) -> str:
    """The rule in words. `site` is the site's name, `category` the category's label, `to` who or what is told."""
    words = {True: " with words", False: " without words", None: ""}[wanted.commented]
    parts = [f"When a {wanted.segment.title() if wanted.segment else 'response'}{words} comes in"]
    if category:
        parts.append(f"about {category}")
    if wanted.page:
        parts.append(f"on {wanted.page}")
    if site:
        parts.append(f"at {site}")
    return f"{' '.join(parts)}, tell {to}."


def inbox_query(wanted: Wanted, site: str | None) -> str:
    """The query of the inbox's address that shows what fits the rule, and at most a little more: of a page only what it
    begins with. `site` is the site's key. What the inbox cannot narrow by is left out."""
    begin = wanted.page.partition("*")[0] if wanted.page else None
    named = {"site": site, "segment": wanted.segment, "category": wanted.category, "page": begin}
    return urlencode({name: value for name, value in named.items() if value and name in FILTERS})


def shortened(address: str) -> str:
    """An address of a webhook as it may be shown: its host, and its end if that is long. What lies between gives the right to
    write there."""
    host, _, rest = address.partition("://")[2].partition("/")
    return f"{host}/…{rest[-4:]}" if len(rest) >= 24 else host.partition("?")[0]
