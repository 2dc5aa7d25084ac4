"""What owners read of a letter with a link, and when it is tried again."""

from datetime import timedelta

import pytest

from collector.accounts.letters.standing import Letter, State, again_at
from tests.make import NOW


@pytest.mark.parametrize(
    ("state", "reply", "said"),
    [
        ("sending", None, ""),
        ("sent", "content 250", ""),
        ("undeliverable", "rcpt 550 5.1.1", "could not be delivered: there is no mailbox of this address (550)."),
        ("undeliverable", "mail 553", "does not take mail from this installation's address (553)."),
        ("undeliverable", "nobody", "no mail server is set up."),
        ("undeliverable", "connect lost", "the mail server could not be reached, or broke off."),
        ("deferred", "rcpt 451", "is not delivered yet: the mail server answered 451. It is tried again."),
        ("deferred", "connect 535", "the mail server answered 535. It is tried again."),
        ("uncertain", None, "may not have arrived: nobody knows whether the mail server took it"),
        ("uncertain", "end lost", "It is not sent again."),
    ],
)
def test_what_became_of_a_letter_is_said_in_a_sentence(state: State, reply: str | None, said: str):
    told = Letter(state, reply).in_words
    assert said in told
    assert bool(said) == bool(told)


def test_a_letter_is_tried_again_at_growing_distances_until_its_link_is_over():
    until, now, waits = NOW + timedelta(hours=1), NOW, []
    while (due := again_at(NOW, until, now)) is not None:
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [30, 30, 60, 120, 240, 480, 960]
    assert again_at(NOW, NOW + timedelta(hours=72), NOW + timedelta(hours=20)) == NOW + timedelta(hours=24)
