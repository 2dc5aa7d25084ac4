"""A real OpenID provider, which speaks the code flow over HTTP and lies as it is told."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "lukewarm at home", "a secret/with signs"


@cache
def first_key() -> RSAKey:
    """The key that every provider begins with; making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "first"})


class OpenIdProvider:
    """Listens on a free port. `claims` is what it says of whoever comes; `now` its clock. `change` may turn the claims of the
    next tokens into others, `sign` signs them otherwise; `broken` holds paths that are answered with 500, `silent` those that
    are not answered until the provider ends; `asked` the paths that were asked for."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.claims: dict[str, Any] = {"sub": "1", "email": "owner@home.example", "email_verified": True, "name": "Ann"}
        self.told: dict[str, Any] | None = None
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.described: dict[str, Any] = {}
        self.broken: set[str] = set()
        self.silent: set[str] = set()
        self.asked: list[str] = []
        self.over = threading.Event()
        self.key = first_key()
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self, "")

            def do_POST(self) -> None:
                provider._answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "OpenIdProvider":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None) -> str:
        """An ID token as it should be."""
        key = key or self.key
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def signed_with_public_key(self, claims: dict[str, Any]) -> str:
        """A token whose HMAC is made with what everybody may read."""
        begun = _parts({"alg": "HS256", "kid": "first"}, claims)
        return f"{begun}.{_coded(hmac.digest(self.key.as_pem(private=False), begun.encode(), 'sha256'))}"

    def unsigned(self, claims: dict[str, Any]) -> str:
        """A token that nobody signed."""
        return f"{_parts({'alg': 'none', 'kid': 'first'}, claims)}."

    def _answer(self, request: BaseHTTPRequestHandler, body: str) -> None:
        path, query = urlsplit(request.path).path, dict(parse_qsl(urlsplit(request.path).query))
        self.asked.append(path)
        if path in self.silent:
            self.over.wait(30)
            return None
        if path in self.broken:
            return self._say(request, 500, {"error": "broken"})
        if path == "/authorize":
            return self._authorize(request, query)
        said = {
            "/.well-known/openid-configuration": self._description,
            "/keys": lambda: {"keys": [self.key.as_dict(private=False)]},
            "/userinfo": lambda: self.told or {},
            "/token": lambda: self._token(request, parse_qs(body)),
        }[path]()
        return self._say(request, 400 if "error" in said else 200, said)

    def _description(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        places["userinfo_endpoint"] = "userinfo"
        return (
            {"issuer": self.issuer}
            | {name: f"{self.issuer}/{place}" for name, place in places.items()}
            | self.described
        )

    def _authorize(self, request: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        assert (query["client_id"], query["response_type"]) == (CLIENT, "code")
        assert query["code_challenge_method"] == "S256"
        code = f"code{len(self._codes)}"
        self._codes[code] = query
        request.send_response(302)
        request.send_header("Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _token(self, request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> dict[str, Any]:
        login = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        begun = self._codes.pop(form["code"][0], None)
        proof = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        )
        if begun is None or proof != begun["code_challenge"] or form["redirect_uri"][0] != begun["redirect_uri"]:
            return {"error": "invalid_grant"}
        if login not in (f"{CLIENT}:{SECRET}", f"{quote(CLIENT)}:{quote(SECRET)}"):
            return {"error": "invalid_client"}
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
        } | self.claims
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(self.change(claims))}

    def _say(self, request: BaseHTTPRequestHandler, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def _parts(header: dict[str, str], claims: dict[str, Any]) -> str:
    return ".".join(_coded(json.dumps(part).encode()) for part in (header, claims))


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
