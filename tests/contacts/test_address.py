"""Addresses: one normal form, one canonical form, and everything else refused with a sentence that repeats nothing."""

import pytest

from collector.contacts.address import canonical_email, digest_of, read_address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann.Lee@Example.COM \n", "Ann.Lee@example.com"),
        ("x@bücher.de", "x@xn--bcher-kva.de"),
        ("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com"),
        ("a+shop@example.com", "a+shop@example.com"),
    ],
)
def test_an_email_address_is_kept_in_one_form(written: str, kept: str):
    """A-38: a domain that looks like another is kept in the form that shows it."""
    assert read_address("email", written).text == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ann",
        "ann@localhost",
        "a@x.com\r\nBcc: b@y.com",
        "a@x.com\u2028b@y.com",
        "a@x.com, b@y.com",
        "a@x.com;b@y.com",
        "a@x.com b@y.com",
        '"a b"@x.com',
        "Ann <ann@example.com>",
        "a@[127.0.0.1]",
        "=?utf-8?q?a?=@x.com>",
        "jürgen@example.com",
        "ａｎｎ@example.com",
        "a@example.com.",
        "a@example.test",
        "postmaster@example.com",
        "No-Reply@example.com",
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_not_one_persons_address_is_refused_without_repeating_it(written: str):
    """A-35, A-37, A-39."""
    with pytest.raises(ValueError) as refused:
        read_address("email", written)
    assert len(written) < 4 or written.strip() not in str(refused.value)


@pytest.mark.parametrize(
    "written", ["Victim@gmail.com", "victim+1@gmail.com", "v.ictim@googlemail.com", "VICTIM@ＧＭＡＩＬ.com"]
)
def test_spellings_of_one_mailbox_have_one_digest(written: str):
    """A-35."""
    assert digest_of(read_address("email", written)) == digest_of(read_address("email", "victim@gmail.com"))


def test_dots_tell_mailboxes_apart_where_the_provider_does():
    assert canonical_email("an.n", "example.com") != canonical_email("ann", "example.com")
    assert canonical_email("ann+a", "example.com") == canonical_email("Ann", "example.com")
    assert canonical_email("+a", "example.com") == "+a@example.com"


@pytest.mark.parametrize("written", ["+44 7400 123456", "+447400123456", "+44 (0)7400-123456"])
def test_a_mobile_number_is_kept_in_one_form(written: str):
    assert read_address("sms", written).text == "+447400123456"


@pytest.mark.parametrize(
    "written",
    [
        "07400 123456",
        "+44 20 7946 0958",  # a landline
        "+44 909 879 1234",  # a premium number
        "+447400123456;ext=5",
        "+447400123456 x5",
        "+1800FLOWERS",
        "+٤٤٧٤٠٠١٢٣٤٥٦",
        "+447400123456, +447400123457",
        "+999123456789",
    ],
)
def test_a52_what_is_no_mobile_number_with_its_country_is_refused(written: str):
    with pytest.raises(ValueError):
        read_address("sms", written)
