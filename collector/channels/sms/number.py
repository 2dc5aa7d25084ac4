"""Which numbers may be written to: mobile ones, in countries that the operator named."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumberType

from collector.contacts.address import MOBILE

#: Kinds of numbers that cost somebody more than a message.
_DEAR = frozenset((PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST))
_KINDS = {
    PhoneNumberType.FIXED_LINE: "a landline",
    PhoneNumberType.TOLL_FREE: "a service number",
    PhoneNumberType.UAN: "a service number",
    PhoneNumberType.VOICEMAIL: "a mailbox for calls",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.VOIP: "a number on the internet, not of a mobile phone",
    PhoneNumberType.PERSONAL_NUMBER: "a number that leads elsewhere",
}

#: Digits of a number that say where it belongs, at most; neighbours who were made up in a row share them.
_LONGEST_PREFIX = 7
_OF_THE_OWNER = 5

#: Countries (ISO 3166, two letters) that have numbers of their own.
COUNTRIES: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)


def country_of(number: str) -> str | None:
    """The country that a number in E.164 form belongs to; `None` when there is none, or it is no number."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None


def refusal(number: str, countries: Collection[str]) -> str | None:
    """Why no message goes to this number, in a sentence; `None` when one may."""
    try:
        found = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "It is not a phone number."
    if not phonenumbers.is_valid_number(found):
        return "Nobody has this phone number."
    kind = phonenumbers.number_type(found)
    if kind in _DEAR:
        return "It is a premium number, which costs extra."
    if kind not in MOBILE:
        return f"It is {_KINDS.get(kind, 'not the number of a mobile phone')}, which takes no messages."
    country = phonenumbers.region_code_for_number(found)
    if country not in countries:
        return f"No messages go to phone numbers of {country or 'no country'}: the country is not allowed."
    return None


def prefix_of(number: str) -> str:
    """The digits that a number in E.164 form shares with its neighbours: the first seven, and never its last five."""
    digits = number.removeprefix("+")
    return digits[: max(1, min(_LONGEST_PREFIX, len(digits) - _OF_THE_OWNER))]
