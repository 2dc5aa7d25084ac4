"""How pages of ours are answered: their words, their headers, and who may have sent their forms."""

from typing import Any

from flask import Response as Reply
from flask import make_response, render_template, request

from collector.db import UNAVAILABLE
from collector.hosted.filled import TRAP
from collector.hosted.sender import is_own_form
from collector.intake.snapshot import Snapshot
from collector.problems import OriginNotAllowed, TooManyRequests, Unavailable
from collector.responses.text import MAX_TEXT
from collector.surveys.categories import shown
from collector.surveys.settings import ShownCategory, settings_for
from collector.surveys.survey import Survey
from collector.surveys.wording import Wording, best_language, wording
from collector.web.context import context
from collector.web.shell import go

#: Our own style sheet, our own forms, and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: What may go well a moment later.
BUSY: tuple[type[Exception], ...] = (TooManyRequests, Unavailable, *UNAVAILABLE)


def words_for(*known: str | None) -> Wording:
    """The words to answer in: as the address asks, else in the first of the languages `known`, else as the browser asks."""
    asked = [value for value, _ in request.accept_languages]
    return wording(best_language(request.args.get("language"), *known, *asked))


def page(template: str, words: Wording, status: int = 200, **parts: Any) -> Reply:
    """A page in these words."""
    reply = make_response(
        render_template(f"hosted/{template}.html", words=words, trap=TRAP, most=MAX_TEXT, **parts), status
    )
    reply.headers["Content-Security-Policy"] = POLICY
    reply.headers["Content-Language"] = words.language
    reply.headers["X-Robots-Tag"] = "noindex"
    return reply


def gone() -> Reply:
    """The one answer to every token that gives a right to nothing, whatever the reason."""
    return page("gone", words_for(), 404)


def lead_to(path: str, **query: str) -> Reply:
    """Leads the browser on after a form was sent, so that nothing is sent again when the page is loaded again."""
    asked = request.args.get("language")
    named = {"language": wording(best_language(asked)).language} if asked else {}
    pairs = "&".join(f"{name}={value}" for name, value in (named | query).items())
    return go(f"{path}?{pairs}" if pairs else path)


def status_of(problem: Exception) -> int:
    """The status of a refusal, also of one that the database made."""
    return getattr(problem, "status", Unavailable.status)


def refuse_foreign(*, tells_origin: bool) -> None:
    """Raises `OriginNotAllowed` for a form that was not sent from a page of ours. A page that tells nobody where its visitor
    comes from has its forms sent with the origin `null`; only a page that does tell (`tells_origin`) is held to it."""
    headers = request.headers
    origin = headers.get("Origin")
    if origin == "null" and not tells_origin:
        origin = None
    if not is_own_form(headers.get("Sec-Fetch-Site"), origin, request.host, context().settings.public_url):
        raise OriginNotAllowed("This form can be sent from its own page only.")


def shown_survey(snapshot: Snapshot, survey: Survey, words: Wording, chosen: str | None = None) -> dict[str, Any]:
    """What a page shows of a survey: its settings, and its categories with the one that was chosen when it was still there."""
    site = snapshot.site
    settings = settings_for(survey, snapshot.versions[survey.key], site.name, site.language, words.language)
    known = {category.key for category in shown(survey.categories)}
    hidden = [item for item in survey.categories if item.key == chosen and chosen not in known]
    more = [ShownCategory(item.key, item.label_in(words.language), item.hint_in(words.language)) for item in hidden]
    return {"site": site, "survey": settings, "scale": settings.scale, "categories": [*settings.categories, *more]}
