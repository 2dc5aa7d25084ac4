"""The token under which a follow-up is answered. Its fingerprint is stored with the follow-up and decides."""

from uuid import UUID

from collector.signing import token_for

#: What the token is good for; another purpose has another one.
PURPOSE = "follow-up"


def make_token(key: bytes, site: int, submission: UUID) -> str:
    """The token of a submission's follow-up, the same each time."""
    return token_for(key, PURPOSE, site, submission)
