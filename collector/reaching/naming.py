"""The name of a message: made from what it is about, so that what comes back under its name finds its way, and nobody else can
make one."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from collector.channels.delivery import PURPOSES, Purpose
from collector.signing import signed_place, token_for


def message_name(key: bytes, site: int, submission: UUID, purpose: Purpose) -> str:
    """What stands before the @ of a Message-ID: 74 hexadecimal digits, for servers may change the size of letters."""
    return urlsafe_b64decode(f"{token_for(key, f'message-{purpose}', site, submission)}==").hex()


def message_named(key: bytes, message: str) -> tuple[int, UUID, Purpose] | None:
    """The site, submission and purpose of the message with this Message-ID; `None` when it is none of ours."""
    try:
        made = binascii.unhexlify(message.strip("<> ").partition("@")[0])
    except ValueError:
        return None
    token = urlsafe_b64encode(made).rstrip(b"=").decode("ascii")
    for purpose in PURPOSES:
        place = signed_place(key, f"message-{purpose}", token)
        if place is not None:
            return *place, purpose
    return None
