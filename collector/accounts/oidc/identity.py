"""Whom a provider speaks for, and whether it is the provider who says so (OpenID Connect Core, section 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from collector.accounts.address import normal_email, normal_name
from collector.problems import ValidationFailed

#: Only what the provider alone can sign. `none` is nobody's signature; HS256 could be made with a public key by anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Seconds that clocks may differ.
_LEEWAY = 60
#: Signs of a subject at most (OpenID Connect Core, section 2).
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be meant for us and for this trip."""

    issuer: str
    client: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Person:
    """`subject` is the provider's own name for somebody, which goes to nobody else. `email` is there only if the provider has
    made sure of it."""

    subject: str
    email: str | None
    name: str


def claims_of(token: str, keys: KeySet, expected: Expected, access: str | None, now: datetime) -> dict[str, Any]:
    """What an ID token says, once it is proven. `access` is the access token that came with it.

    Raises joserfc's `JoseError`, and `ValueError` for what is no token; `InvalidKeyIdError` when `keys` do not hold the one
    that it is signed with."""
    read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    said = CodeIDToken(
        read.claims,
        read.header,
        {"iss": {"essential": True, "value": expected.issuer}, "aud": {"essential": True, "value": expected.client}},
        {"nonce": expected.nonce, "client_id": expected.client, "access_token": access},
    )
    said.validate(int(now.timestamp()), _LEEWAY)
    return dict(said)


def person_of(claims: Mapping[str, Any]) -> Person | None:
    """The person in proven claims; `None` when they do not name anybody."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= _LONGEST or not subject.isprintable():
        return None
    email = _email(claims)
    return Person(subject, email, _name(claims, email or ""))


def _email(claims: Mapping[str, Any]) -> str | None:
    said = claims.get("email")
    # Nothing but a true `true`: whoever could choose an address would be let in as its owner.
    if claims.get("email_verified") is not True or not isinstance(said, str):
        return None
    try:
        return normal_email(said)
    except ValidationFailed:
        return None


def _name(claims: Mapping[str, Any], email: str) -> str:
    try:
        return normal_name(str(claims.get("name") or ""))
    except ValidationFailed:
        return email.partition("@")[0]
