"""Addresses of webhooks are hidden, and second steps by the same cipher; before, it was a hash of our own that hid them."""

import base64
from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

from collector.hiding import hide, shown
from collector.signing import every, secret

revision = "0027"
down_revision = "0026"

_STEP, _ADDRESS = "the second step", "the address of a rule"
_CHANCE = 10


def upgrade() -> None:
    _widen()
    _each("member", "totp_secret", _hidden_step)
    _each("notice_rule", "address", lambda key, rule, stored: hide(key, _ADDRESS, rule, stored))


def downgrade() -> None:
    # Older versions read second steps that lie open. The column stays as wide as it is.
    _each("notice_rule", "address", lambda key, rule, stored: shown(key, _ADDRESS, rule, stored) or stored)
    _each("member", "totp_secret", lambda key, member, stored: shown(key, _STEP, member, stored) or stored)


def _widen() -> None:
    # SQLite gives a column another type by making the table anew, to which others refer.
    op.add_column("member", sa.Column("totp_wide", sa.String(200)))
    op.execute("update member set totp_wide = totp_secret")
    op.drop_column("member", "totp_secret")
    op.execute("alter table member rename column totp_wide to totp_secret")


def _each(table: str, column: str, becomes: Callable[[bytes, int, str], str]) -> None:
    tx = op.get_bind()
    rows = tx.execute(sa.text(f"select id, {column} from {table} where {column} is not null")).all()
    key = context.config.attributes["key"]() if rows else b""
    for number, stored in rows:
        values = {"number": number, "stored": becomes(key, number, stored)}
        tx.execute(sa.text(f"update {table} set {column} = :stored where id = :number"), values)


def _hidden_step(key: bytes, member: int, stored: str) -> str:
    """What no key shows stays as it is: recovery codes open it."""
    counted = _counted_from(key, member, stored)
    return stored if counted is None else hide(key, _STEP, member, counted)


def _counted_from(key: bytes, member: int, stored: str) -> str | None:
    owner = str(member).encode()
    if stored.startswith("seed:"):
        # Seeds are from before a second key could be given, so the oldest one made them.
        made = _halves(every(key)[-1], "codes of the second step", owner, stored.encode())
        return base64.b32encode(made).decode()
    if not stored.startswith("kept:"):
        return stored
    _, name, text = stored.split(":")
    both = base64.b32decode(text)
    holder = next((one for one in every(key) if secret(one, "name of the key").hex()[:8] == name), None)
    if holder is None:
        return None
    pad = _halves(holder, "hides the second step", owner, both[:_CHANCE])
    return base64.b32encode(bytes(left ^ right for left, right in zip(both[_CHANCE:], pad, strict=True))).decode()


def _halves(key: bytes, purpose: str, *parts: bytes) -> bytes:
    return b"".join(secret(key, purpose, half, *parts) for half in (b"1", b"2"))[:20]
