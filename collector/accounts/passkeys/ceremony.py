"""What a browser is asked for, and whether what it says is true (WebAuthn Level 3, sections 7.1 and 7.2). Only this file knows
the library, which is an extra and takes 0.1 s to load; it is imported when it is first needed."""

from collections.abc import Iterable
from dataclasses import dataclass

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from collector.accounts.passkeys.place import Place
from collector.signing import fingerprint

#: Milliseconds that a browser gives people to find their device.
_PATIENCE = 5 * 60 * 1000
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device has made."""

    credential: str
    public_key: bytes
    uses: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What came back for signing in, not yet proven: which challenge was signed, with which passkey, and, in the words of the
    device, for whom."""

    challenge: str
    credential: str
    handle: bytes | None
    text: str


def handle_of(member: int) -> bytes:
    """What devices call a member: nothing that tells anybody who it is (WebAuthn, section 14.6.1)."""
    return fingerprint(f"passkeys of member {member}")


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What goes to and fro between us, a browser and a device, at one place."""

    place: Place

    def asked_to_make(self, challenge: str, member: int, email: str, name: str, known: Iterable[str]) -> str:
        """What the browser is asked for a new passkey, as JSON. A device that holds one of `known` refuses."""
        options = generate_registration_options(
            rp_id=self.place.name,
            rp_name="Lukewarm",
            user_id=handle_of(member),
            user_name=email,
            user_display_name=name,
            challenge=challenge.encode(),
            timeout=_PATIENCE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        )
        return options_to_json(options)

    def asked_to_sign(self, challenge: str) -> str:
        """What the browser is asked for signing in, as JSON. It names nobody: the device offers what it has for us."""
        options = generate_authentication_options(
            rp_id=self.place.name, challenge=challenge.encode(), timeout=_PATIENCE, user_verification=_VERIFIED
        )
        return options_to_json(options)

    def challenge_of_made(self, text: str) -> str | None:
        """The challenge that a browser says it made a passkey for; `None` when what it says cannot be read."""
        try:
            return _challenge(parse_registration_credential_json(text).response.client_data_json)
        except Exception:  # strangers' bytes, in three formats: whatever a parser stumbles over is a refusal
            return None

    def signed(self, text: str) -> Signed | None:
        """What a browser sent for signing in; `None` when it cannot be read."""
        try:
            said = parse_authentication_credential_json(text)
            credential = bytes_to_base64url(said.raw_id)
            return Signed(_challenge(said.response.client_data_json), credential, said.response.user_handle, text)
        except Exception:  # as above
            return None

    def made(self, challenge: str, text: str) -> Made | None:
        """The passkey that was made for our challenge, at our place, by somebody whom the device has verified; else `None`."""
        try:
            proven = verify_registration_response(
                credential=text,
                expected_challenge=challenge.encode(),
                expected_rp_id=self.place.name,
                expected_origin=self.place.origin,
                require_user_verification=True,
            )
        except Exception:  # as above
            return None
        return Made(bytes_to_base64url(proven.credential_id), proven.credential_public_key, proven.sign_count)

    def proven_uses(self, signed: Signed, member: int, public_key: bytes, uses: int) -> int | None:
        """The device's new count, when it signed our challenge for this member, at our place, after verifying a person. `None`
        otherwise, also when its count did not go up: then there are two of the device."""
        if signed.handle != handle_of(member):
            return None
        try:
            proven = verify_authentication_response(
                credential=signed.text,
                expected_challenge=signed.challenge.encode(),
                expected_rp_id=self.place.name,
                expected_origin=self.place.origin,
                credential_public_key=public_key,
                credential_current_sign_count=uses,
                require_user_verification=True,
            )
        except Exception:  # as above
            return None
        return proven.new_sign_count


def _challenge(client_data: bytes) -> str:
    said = parse_client_data_json(client_data)
    if said.cross_origin:
        raise ValueError("asked from within another site's page")
    return said.challenge.decode("ascii")
