"""What has to be read again, and by nobody who has only the database: hidden with the installation's key, by Fernet."""

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING

from collector.signing import every

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def hide(key: bytes, purpose: str, owner: int, text: str) -> str:
    """`text` as it may be stored, hidden with the newest key: ASCII, a third longer and some 100 signs more, never twice the
    same. It is shown for the same purpose and owner only, so that nothing is of use in another's row."""
    return _cipher(every(key)[0], purpose, owner).encrypt(text.encode()).decode("ascii")


def shown(key: bytes, purpose: str, owner: int, stored: str) -> str | None:
    """What was hidden; `None` when none of the keys that are believed hid it, or it was changed since."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - as in `_cipher`

    for one in every(key):
        try:
            return _cipher(one, purpose, owner).decrypt(stored.encode()).decode()
        except InvalidToken:
            continue
    return None


def under_newest(key: bytes, purpose: str, stored: Iterable[tuple[int, str]]) -> tuple[dict[int, str], int]:
    """What an older key hid, by its owner, hidden with the newest one; and how much there is that no key shows. What the newest
    hid already is left out. `stored` is by owner as well."""
    moved: dict[int, str] = {}
    lost = 0
    for owner, hidden in stored:
        if shown(every(key)[0], purpose, owner, hidden) is not None:
            continue
        text = shown(key, purpose, owner, hidden)
        if text is None:
            lost += 1
        else:
            moved[owner] = hide(key, purpose, owner, text)
    return moved, lost


def _cipher(key: bytes, purpose: str, owner: int) -> "Fernet":
    from cryptography.fernet import Fernet  # noqa: PLC0415 - 28 ms and 9 MB, for processes that hide or show something
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - the same

    derived = HKDF(SHA256(), length=32, salt=None, info=f"lukewarm hides {purpose} {owner}".encode()).derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
