"""What a mail server's reply means, by where it came."""

from datetime import timedelta

import pytest

from collector.channels.replies import PATIENCE, next_try, outcome_of
from tests.make import NOW


@pytest.mark.parametrize(
    ("step", "code", "text", "state", "gone"),
    [
        ("content", 250, "2.0.0 queued", "sent", False),
        ("content", 451, "4.3.0 later", "deferred", False),
        ("content", 552, "5.3.4 too big", "undeliverable", False),
        ("content", 554, "5.7.1 spam", "undeliverable", False),
        ("rcpt", 450, "4.2.0 greylisted", "deferred", False),
        ("rcpt", 550, "5.1.1 no such user", "undeliverable", True),
        ("rcpt", 550, "no such user", "undeliverable", True),
        ("rcpt", 550, "5.7.1 not from you", "undeliverable", False),
        ("rcpt", 552, "5.2.2 mailbox full", "undeliverable", False),
        ("mail", 550, "5.7.1 not you", "undeliverable", False),
        ("auth", 535, "5.7.8 wrong password", "deferred", False),
        ("tls", 502, "", "deferred", False),
        *[
            (step, 421, "4.3.2 closing", "deferred", False)
            for step in ("connect", "ehlo", "mail", "rcpt", "data", "content")
        ],
    ],
)
def test_a_reply_means(step: str, code: int, text: str, state: str, gone: bool):
    outcome = outcome_of(step, code, text)
    assert (outcome.state, outcome.gone) == (state, gone)


def test_no_text_of_a_server_is_kept():
    assert outcome_of("rcpt", 550, "5.1.1 <ann@example.com> unknown").reply == "rcpt 550 5.1.1"


def test_tries_come_further_apart_until_two_days_are_over():
    now, tries, waits = NOW, 1, []
    while (due := next_try(NOW, tries, now)) is not None:
        waits.append(due - now)
        now, tries = due, tries + 1
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=5)
    assert NOW + PATIENCE - timedelta(hours=4) <= now < NOW + PATIENCE
