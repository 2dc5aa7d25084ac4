"""The token of a response: whoever holds it may see, correct and erase what was said. The key alone verifies it; nothing
of it is stored."""

from uuid import UUID

from collector.signing import signed_place, token_for

#: What the token is good for; another purpose has another one.
PURPOSE = "response"


def make_token(key: bytes, site: int, submission: UUID) -> str:
    """The token of a submission's response, the same each time."""
    return token_for(key, PURPOSE, site, submission)


def response_of(key: bytes, token: str) -> tuple[int, UUID] | None:
    """The site and submission whose response this token gives a right to; `None` when it is not such a token."""
    return signed_place(key, PURPOSE, token)
