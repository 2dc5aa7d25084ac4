"""The link of an invitation: made from its nonce, so that what could be used lies nowhere."""

from uuid import UUID

from collector.signing import signed_place, token_for

_PURPOSE = "invitation"
_LONGEST = 100


def invitation_path(key: bytes, team: int, nonce: UUID) -> str:
    """The path of the page on which an invitation is accepted."""
    return f"/invitations/{token_for(key, _PURPOSE, team, nonce)}"


def invitation_named(key: bytes, token: str) -> tuple[int, UUID] | None:
    """The team and the nonce that a link names, if `key` made it."""
    return signed_place(key, _PURPOSE, token) if len(token) <= _LONGEST else None
