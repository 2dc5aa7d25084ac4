from hypothesis import given
from hypothesis import strategies as st

from collector.questions.fill import fill, placeholders_in


def test_known_placeholders_are_replaced():
    assert fill("You gave {site} a {score}.", {"site": "Example", "score": "7"}) == "You gave Example a 7."


def test_a_site_called_like_a_placeholder_stays_so():
    assert fill("About {site}: {score}", {"site": "{score}", "score": "8"}) == "About {score}: 8"


def test_an_unknown_placeholder_stays_as_it_is():
    assert fill("Hello {name}", {"site": "Example"}) == "Hello {name}"


def test_a54_no_expression_of_any_language_is_read():
    for wording in (
        "{site.__class__} {0} {site!r}",
        "{{ config }} {{ ''.__class__ }} {% print(1) %}",
        "{site|attr('x')} ${env} %(site)s %s $site <%= 1 %>",
    ):
        assert fill(wording, {"site": "Example", "score": "7"}) == wording
    assert fill("{{site}}", {"site": "Example"}) == "{Example}"


def test_placeholders_are_listed_by_name():
    assert placeholders_in("{site}, {score} and {site}, not { or }") == {"site", "score", " or "}


@given(st.text())
def test_a_value_appears_exactly_as_given(value):
    assert fill("<{site}>", {"site": value}) == f"<{value}>"
