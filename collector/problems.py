"""Everything that can go wrong in words that help, one class each (RFC 9457). Nothing here knows HTTP's library, so pure
code may raise a `Problem`; `web/errors.py` renders it once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent. `pointer` is a JSON pointer into the body (RFC 6901), `parameter` a query name."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(Exception):
    """A refusal that the caller can understand. `detail` says what to do about this one."""

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    advice: ClassVar[str]

    def __init__(
        self, detail: str | None = None, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail or self.advice)
        self.detail = detail or self.advice
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        #: Members beside those that every problem has (RFC 9457, section 3.2).
        self.more: dict[str, str] = {}


class BadRequest(Problem):
    slug, title, status = "bad-request", "The request cannot be read", 400
    advice = "Check the address and the headers of the request."


class MalformedBody(Problem):
    slug, title, status = "malformed-body", "The body is not JSON that can be read", 400
    advice = "Send one JSON object in UTF-8, without a byte-order mark, repeated names, or more than eight levels."


class KeyRequired(Problem):
    slug, title, status = "key-required", "A valid API key is needed", 401
    advice = "Send the header 'Authorization: Bearer KEY' with a key made by 'lukewarm key add'."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="lukewarm"'})


class SignInRequired(Problem):
    slug, title, status = "sign-in-required", "You are not signed in", 401
    advice = "Sign in, then do this again. Nothing was changed."


class CrossSite(Problem):
    slug, title, status = "cross-site", "This did not come from one of our pages", 403
    advice = "Open the page here and do it there. Nothing was changed."


class RoleMissing(Problem):
    slug, title, status = "role-missing", "Your role does not allow this", 403
    advice = "Ask an owner of the team. Nothing was changed."


class OriginNotAllowed(Problem):
    slug, title, status = "origin-not-allowed", "This origin may not submit to the site", 403
    advice = "Add the page's origin to the site with 'lukewarm site origins'."


class NotSigned(Problem):
    slug, title, status = "not-signed", "The request is not signed by the provider", 403
    advice = "Nothing was stored. Only the provider that the settings name may send to this address."


class ScopeMissing(Problem):
    slug, title, status = "scope-missing", "The API key does not have the scope", 403
    advice = "Make a key with the scope that the operation names."


class HookRefused(Problem):
    slug, title, status = "hook-refused", "This call is not believed", 403
    advice = "Sign the body as the documents of the hook say, with a clock that is right."


class NotFound(Problem):
    slug, title, status = "not-found", "There is nothing at this address", 404
    advice = "Check the address."


class LinkOver(Problem):
    slug, title, status = "link-over", "This link is over", 404
    advice = "Ask for a new one."


class SiteNotFound(Problem):
    slug, title, status = "site-not-found", "There is no such site", 404
    advice = "Check the site key in the tag; 'lukewarm site list' prints it."


class SurveyNotFound(Problem):
    slug, title, status = "survey-not-found", "The site has no such survey", 404
    advice = "Leave the survey out to use the site's own, or load its settings again."


class FollowUpNotFound(Problem):
    slug, title, status = "follow-up-not-found", "This follow-up is not valid", 404
    advice = "The token was mistyped, cut short, or never given out."


class ResponseNotFound(Problem):
    slug, title, status = "response-not-found", "This response is not there", 404
    advice = "The token was mistyped or cut short, or what was said has been erased."


class FormatNotFound(Problem):
    slug, title, status = "format-not-found", "There is no such export format", 404
    advice = "Use one of the documented endings, such as .csv or .jsonl."


class MethodNotAllowed(Problem):
    slug, title, status = "method-not-allowed", "This address is not used that way", 405
    advice = "It is no page: go back, and press the button there. To programs, the Allow header lists its methods."


class RequestTimeout(Problem):
    slug, title, status = "request-timeout", "The request did not arrive in time", 408
    advice = "Nothing was stored. Send the request again, as a whole."


class AnswerFinal(Problem):
    slug, title, status = "answer-final", "The answer can no longer be changed", 409
    advice = "An answer may be changed for thirty days; this one is older."


class ResponseFinal(Problem):
    slug, title, status = "response-final", "The response can no longer be changed", 409
    advice = "A response may be changed for thirty days; this one is older. It may still be erased."


class OwnerNeeded(Problem):
    slug, title, status = "owner-needed", "A team needs an owner", 409
    advice = "Make somebody else an owner first. Nothing was changed."


class SurveyClosed(Problem):
    slug, title, status = "survey-closed", "The survey is closed", 409
    advice = "The site is not asking at the moment."


class FollowUpExpired(Problem):
    slug, title, status = "follow-up-expired", "The follow-up has expired", 410
    advice = "The question is no longer open."


class BodyTooLarge(Problem):
    slug, title, status = "body-too-large", "The body is too large", 413
    advice = "A body may have 16 KiB."


class UnsupportedMediaType(Problem):
    slug, title, status = "unsupported-media-type", "The body's type is not taken", 415
    advice = "Send application/json, or JSON as text/plain, in UTF-8 and without compression."


class ValidationFailed(Problem):
    slug, title, status = "validation-failed", "Some of what was sent is not valid", 422
    advice = "The errors say what is wrong and where."


class SubmissionConflict(Problem):
    slug, title, status = "submission-conflict", "Another submission has this id", 422
    advice = "An id stands for one content for ever. Make a new id for a new submission."


class TooManyRequests(Problem):
    slug, title, status = "too-many-requests", "Too many requests at the moment", 429
    advice = "Nothing was stored. Send the request again after the seconds that Retry-After gives."

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class ProofRequired(TooManyRequests):
    slug, title, status = "proof-required", "So many requests come that work has to be shown", 429
    advice = (
        "Nothing was stored. Send the request again with a proof of work, or after the seconds that Retry-After gives."
    )

    def __init__(self, detail: str | None = None, *, challenge: str | None = None, retry_after: int = 60) -> None:
        super().__init__(detail, retry_after=retry_after)
        if challenge is not None:
            self.more["challenge"] = challenge


class TooManyTries(Problem):
    slug, title, status = "too-many-tries", "Too many tries to sign in", 429
    advice = "Wait for the seconds that Retry-After gives, then try again."

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class InternalError(Problem):
    slug, title, status = "internal-error", "Something went wrong here", 500
    advice = "The error was logged under the request's id. Nothing was stored unless an earlier answer said so."


class Unavailable(Problem):
    slug, title, status = "unavailable", "The collector cannot store anything at the moment", 503
    advice = "Nothing was stored. Send the request again a little later."

    def __init__(self, detail: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


PROBLEMS: tuple[type[Problem], ...] = (
    BadRequest,
    MalformedBody,
    KeyRequired,
    SignInRequired,
    CrossSite,
    RoleMissing,
    OriginNotAllowed,
    NotSigned,
    ScopeMissing,
    HookRefused,
    NotFound,
    LinkOver,
    SiteNotFound,
    SurveyNotFound,
    FollowUpNotFound,
    ResponseNotFound,
    FormatNotFound,
    MethodNotAllowed,
    RequestTimeout,
    AnswerFinal,
    ResponseFinal,
    OwnerNeeded,
    SurveyClosed,
    FollowUpExpired,
    BodyTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    SubmissionConflict,
    TooManyRequests,
    ProofRequired,
    TooManyTries,
    InternalError,
    Unavailable,
)
