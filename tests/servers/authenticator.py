"""A device that keeps passkeys, as browsers speak with it, and that lies as it is told (WebAuthn Level 3, sections 6 and 7)."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

#: Flags of what a device says (section 6.1): somebody was there, was verified, and a key comes along.
_PRESENT, _VERIFIED, _KEY = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """Bytes in base64url."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(coded: str) -> bytes:
    """The bytes of base64url."""
    return urlsafe_b64decode(f"{coded}===")


@dataclass
class Device:
    """One passkey and whoever holds it. `origin` is what the browser says it shows; `uses` the next count."""

    origin: str = "http://localhost"
    name: str | None = None
    verified: bool = True
    uses: int = 1
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    handle: bytes = b""
    cross_origin: bool = False
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, asked: dict[str, Any], kind: str = "webauthn.create") -> str:
        """What a browser hands over after a passkey was made."""
        self.handle = raw(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        data = self._data(asked["rp"]["id"], _KEY) + bytes(16) + struct.pack(">H", len(self.credential))
        data += self.credential + cbor2.dumps(public)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said({"attestationObject": text(attested)}, self._client(asked, kind))

    def sign(self, asked: dict[str, Any], kind: str = "webauthn.get") -> str:
        """What a browser hands over for signing in."""
        data, client = self._data(asked["rpId"], 0), self._client(asked, kind)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"authenticatorData": text(data), "signature": text(signature), "userHandle": text(self.handle)}
        return self._said(said, client)

    def _data(self, name: str, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verified else 0)
        uses, self.uses = self.uses, self.uses + 1
        return hashlib.sha256((self.name or name).encode()).digest() + struct.pack(">BI", flags, uses)

    def _client(self, asked: dict[str, Any], kind: str) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(said).encode()

    def _said(self, response: dict[str, str], client: bytes) -> str:
        whole = {**response, "clientDataJSON": text(client)}
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": whole})
