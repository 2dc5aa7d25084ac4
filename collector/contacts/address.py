"""Addresses in one normal form, and the canonical form under which one mailbox is one mailbox however it is written."""

from contextlib import suppress

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from collector.contacts.contact import Address
from collector.contacts.identity import Identity
from collector.signing import fingerprint

#: Longer ones do not exist (RFC 5321, section 4.5.3.1.3: 256 with the brackets).
MAX_ADDRESS = 254

#: Mailboxes of an office, not of a person: RFC 2142, and what replies come from that nobody reads.
_OFFICES = frozenset("abuse hostmaster mailer-daemon no-reply noreply postmaster root security webmaster".split())

#: Domains of one provider that lead to the same mailboxes.
_SAME = {"googlemail.com": "gmail.com"}
#: Where dots before the @ mean nothing.
_DOTLESS = frozenset(("gmail.com",))
#: Kinds of numbers that take messages by SMS.
MOBILE = frozenset((phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE))


def read_address(channel: str, text: str) -> Address:
    """The address for `channel` ("email" or "sms") that a person wrote. Nothing is looked up on the network.

    Raises `ValueError` with one sentence that repeats nothing of what was written."""
    text = text.strip()
    if len(text) > MAX_ADDRESS or not text.isprintable():
        raise ValueError(_REFUSED[channel])
    return _email(text) if channel == "email" else _phone(text)


def _email(text: str) -> Address:
    try:
        # Letters outside ASCII before the @ need an extension of SMTP that many servers lack (RFC 6531).
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(_REFUSED["email"]) from None
    local, domain = found.local_part, found.ascii_domain.lower()
    if local.lower() in _OFFICES:
        raise ValueError("This is the address of an office. Write one of a person.")
    return Address("email", f"{local}@{domain}", mailbox_of(f"{local}@{domain}"))


def mailbox_of(email: str) -> str:
    """The canonical form of an e-mail address that is known to be one."""
    local, _, domain = email.rpartition("@")
    return f"email:{canonical_email(local, domain.lower())}"


def canonical_email(local: str, domain: str) -> str:
    """One form for all spellings that reach one mailbox: small letters, nothing after a plus (RFC 5233), at Gmail no dots.
    Two people who are taken for one are asked too seldom; one who is taken for two is asked too often, which is worse."""
    domain = _SAME.get(domain, domain)
    local = local.lower().split("+", 1)[0] or local.lower()
    return f"{local.replace('.', '') if domain in _DOTLESS else local}@{domain}"


def _phone(text: str) -> Address:
    try:
        found = phonenumbers.parse(text, None) if text.startswith("+") and text.isascii() else None
    except phonenumbers.NumberParseException:
        found = None
    if (
        found is None
        or found.extension
        or any(sign.isalpha() for sign in text)
        or not phonenumbers.is_valid_number(found)
        or phonenumbers.number_type(found) not in MOBILE
    ):
        raise ValueError(_REFUSED["sms"])
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return number_as_given(number)


_REFUSED = {
    "email": "This is not one e-mail address such as ann@example.com.",
    "sms": "This is not one mobile number with its country, such as +44 7400 123456.",
}


def signed_addresses(identity: Identity) -> list[Address]:
    """The addresses that an identity brings along; what is no address is left out."""
    found = []
    for channel, text in (("email", identity.email), ("sms", identity.phone)):
        if text is not None:
            with suppress(ValueError):
                found.append(read_address(channel, text))
    return found


def number_as_given(number: str) -> Address:
    """The address that a number in E.164 form is, without asking whether it can be written to: whoever says stop has it."""
    return Address("sms", number, f"sms:{number}")


def digest_of(address: Address) -> bytes:
    """What stands for an address where the address itself must not lie: SHA-256 of its canonical form, 32 bytes. It has no
    key, so that a suppression outlives a change of the installation's secret; whoever guesses an address can check it."""
    return fingerprint(address.canonical)
