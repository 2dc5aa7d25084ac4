"""An OpenID provider over the network. What it says of itself is asked for at the first use and kept for an hour."""

import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from collector.accounts.oidc.identity import Expected, Person, claims_of, person_of
from collector.accounts.oidc.trip import Away

_KEPT = timedelta(hours=1)
#: How soon keys are fetched anew for a token that is signed with an unknown one.
_KEYS_REST = timedelta(minutes=1)
_SCOPE = "openid email profile"

_log = structlog.get_logger("lukewarm")


class Provider:
    """One provider, which people know by `name`. `client` and `secret` are what it knows us by, `back` is the address that it
    sends people back to. A connection, and each wait for bytes on it, may take `seconds`."""

    def __init__(self, issuer: str, name: str, client: str, secret: str, back: str, *, seconds: float = 5) -> None:
        self.issuer = issuer
        self.name = name
        self._client = client
        self._secret = secret
        self._back = back
        self._seconds = seconds
        self._lock = threading.Lock()
        self._described: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def way(self, state: str, nonce: str, verifier: str, now: datetime) -> str:
        """The address at the provider that a browser is sent to. Raises `Away`."""
        described = self._description(now)
        with self._session(described) as session:
            address, _ = session.create_authorization_url(
                described["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    def person(self, code: str, verifier: str, nonce: str, now: datetime) -> Person | None:
        """Whom the provider gave a code for; `None` when it does not stand by it, or is not believed. Raises `Away`."""
        described = self._description(now)
        try:
            with self._session(described) as session:
                given = session.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=verifier, allow_redirects=False
                )
                claims = self._proven(given, nonce, now)
                if "email" not in claims and self._is_safe(described.get("userinfo_endpoint")):
                    told = session.get(described["userinfo_endpoint"], allow_redirects=False).json()
                    # An answer about somebody else is none (OpenID Connect Core, section 5.3.2).
                    claims = told if isinstance(told, dict) and told.get("sub") == claims["sub"] else claims
        except (OAuthError, JoseError) as error:
            _log.warning("oidc.refused", error=type(error).__name__, claim=getattr(error, "claim", None))
            return None
        except (RequestException, ValueError) as error:
            raise _away(error) from None
        return person_of(claims)

    def _proven(self, given: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        token, expected = str(given.get("id_token") or ""), Expected(self.issuer, self._client, nonce)
        try:
            return claims_of(token, self._key_set(now, _KEPT), expected, given.get("access_token"), now)
        except InvalidKeyIdError:
            # Providers change their keys without a word.
            return claims_of(token, self._key_set(now, _KEYS_REST), expected, given.get("access_token"), now)

    def _description(self, now: datetime) -> dict[str, Any]:
        with self._lock:
            if self._described is None or now >= self._described[0] + _KEPT:
                found = self._fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                endpoints = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
                if found.get("issuer") != self.issuer or not all(map(self._is_safe, endpoints)):
                    raise _away(ValueError())
                self._described = (now, found)
            return self._described[1]

    def _key_set(self, now: datetime, rest: timedelta) -> KeySet:
        address = self._description(now)["jwks_uri"]
        with self._lock:
            if self._keys is None or now >= self._keys[0] + rest:
                found = self._fetched(address)
                try:
                    self._keys = (now, KeySet.import_key_set({"keys": found["keys"]}))
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise _away(error) from None
            return self._keys[1]

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            with self._session({}) as session:
                reply = session.get(address, withhold_token=True, allow_redirects=False)
                reply.raise_for_status()
                found = reply.json()
        except (RequestException, ValueError) as error:
            raise _away(error) from None
        if not isinstance(found, dict):
            raise _away(ValueError())
        return found

    def _session(self, described: dict[str, Any]) -> OAuth2Session:
        # A provider that says nothing of it takes the basic way (OpenID Connect Discovery, section 3).
        taken = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in taken else "client_secret_post"
        return OAuth2Session(
            self._client,
            self._secret,
            token_endpoint_auth_method=method,
            scope=_SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
            default_timeout=self._seconds,
            leeway=0,
        )

    def _is_safe(self, address: object) -> bool:
        if not isinstance(address, str) or not address.isprintable():
            return False
        return urlsplit(address).scheme in ("https", urlsplit(self.issuer).scheme)


def _away(error: Exception) -> Away:
    _log.warning("oidc.away", error=type(error).__name__)
    return Away()
