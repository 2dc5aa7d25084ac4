"""Origins and page addresses in their one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.problems import ValidationFailed
from collector.sites.address import MAX_ADDRESS, _page, canonical_page, check_origins, origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Example.COM", "https://example.com"),
        ("https://example.com:443/a", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address: str, origin: str):
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "", "example.com", "//example.com", "ftp://example.com", "javascript:alert(1)", "data:text/html,x", "https://",
        "https://user@example.com", "https://user:pass@example.com", "https://exa mple.com", "https://example.com:99999",
        "https://example.com:x", "https://[::1", "https://..", "https://-x-.example", "https://" + "a" * 64 + ".example",
        "https://" + "a." * 1100, "null", "\x0ejavascript:alert(1)", "https://ex\x00ample.com",
    ],
)  # fmt: skip
def test_what_has_no_origin_has_none(address: str):
    assert origin_of(address) is None
    assert canonical_page(address, frozenset()) is None


@pytest.mark.parametrize(
    "origin", ["https://example.com/path", "https://*.example.com", "*", "https://example.com?x=1", ""]
)
def test_a_site_takes_exact_origins_only(origin: str):
    with pytest.raises(ValidationFailed):
        check_origins([origin])


def test_origins_are_kept_once_in_order():
    assert check_origins(["https://b.example/", "https://a.example", "HTTPS://B.example:443"]) == (
        "https://b.example",
        "https://a.example",
    )


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://a.example", "https://a.example/"),
        ("https://A.example:443/Path/", "https://a.example/Path/"),
        ("https://a.example/x?token=1&plan=pro&plan=eu#top", "https://a.example/x?plan=eu&plan=pro"),
        ("https://a.example/%7euser/%2f/%e4%bd%a0", "https://a.example/~user/%2F/%E4%BD%A0"),
        ("https://a.example/straße x", "https://a.example/stra%C3%9Fe%20x"),
        ("https://a.example/?plan=", "https://a.example/?plan="),
        ("https://a.example//evil.example/", "https://a.example//evil.example/"),
    ],
)
def test_a_page_is_kept_in_canonical_form(address: str, page: str):
    assert canonical_page(address, frozenset({"plan"})) == page


@pytest.mark.parametrize("path", ["x", "x" * 300], ids=["short", "long"])
def test_a_page_seen_before_is_the_same_again_but_for_other_parameters(path: str):
    address = f"https://A.example/{path}?a=1&b=2"
    for _ in range(2):
        assert canonical_page(address, frozenset()) == f"https://a.example/{path}"
        assert canonical_page(address, frozenset("a")) == f"https://a.example/{path}?a=1"
        assert canonical_page(address, frozenset("ab")) == f"https://a.example/{path}?a=1&b=2"
        assert origin_of(address) == "https://a.example"


@given(st.text(max_size=80), st.text(max_size=40))
def test_canonical_form_is_its_own_canonical_form(path: str, query: str):
    page = canonical_page(f"https://a.example/{path}?{query}", frozenset({"plan"}))
    if page is not None:
        assert canonical_page(page, frozenset({"plan"})) == page
        assert page.isascii()
        assert page.startswith("https://a.example/")
        assert "#" not in page


def test_an_address_that_is_too_long_is_not_parsed():
    start = "https://a.example/"
    assert canonical_page(start + "x" * (MAX_ADDRESS - len(start)), frozenset()) is not None
    assert canonical_page(start + "x" * (MAX_ADDRESS - len(start) + 1), frozenset()) is None


@given(
    st.from_regex(r"\Ahttps?://[A-Za-z0-9.:-]{0,20}/[A-Za-z0-9._~!$&'()*+,;=:@/%?#-]{0,30}\Z"),
    st.sampled_from([frozenset(), frozenset({"q"})]),
)
def test_the_short_way_to_a_page_leads_to_the_same(address, parameters):
    assert canonical_page(address, parameters) == _page(address, parameters)
