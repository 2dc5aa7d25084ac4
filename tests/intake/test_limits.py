"""How often somebody may send: pure, by a clock that the test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake.admission import Admission, Rates
from collector.intake.limits import LONGEST_DEBT, MOST_KEPT, Limits
from collector.networks import client_address, networks_of
from collector.problems import TooManyRequests


def test_a_share_may_be_taken_at_once_and_fills_up_evenly():
    limits = Limits()
    assert [limits.take([("a", 20)], 0) for _ in range(20)] == [0] * 20
    assert limits.take([("a", 20)], 0) == pytest.approx(3)
    assert limits.take([("a", 20)], 2.9) == pytest.approx(0.1)
    assert limits.take([("a", 20)], 3) == 0
    assert limits.take([("a", 20)], 3) == pytest.approx(3)
    assert [limits.take([("a", 20)], 100) for _ in range(21)] == [0] * 20 + [pytest.approx(3)]


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 2)), max_size=300), st.integers(1, 30))
def test_never_more_than_a_share_and_what_came_in_meanwhile(steps, rate):
    limits, now, taken = Limits(), 0.0, {0: 0, 1: 0, 2: 0}
    for step, owner in steps:
        now += step
        taken[owner] += limits.take([(owner, rate)], now) == 0
    assert all(count <= rate + now * rate / 60 + 1e-6 for count in taken.values())


def test_who_is_refused_by_one_share_takes_nothing_from_the_others():
    limits = Limits()
    limits.take([("small", 1), ("large", 3)], 0)
    for _ in range(50):
        assert limits.take([("small", 1), ("large", 3)], 0) > 0
    assert [limits.take([("large", 3)], 0) for _ in range(3)] == [0, 0, pytest.approx(20)]


def test_a_flood_from_everywhere_does_not_fill_the_memory():
    limits = Limits()
    for number in range(MOST_KEPT * 3):
        limits.take([(number, 20)], number / 1000)
    assert len(limits._even) <= MOST_KEPT + 1


def test_an_address_is_forgotten_when_it_is_not_needed_any_more():
    limits = Limits()
    limits.take([("address", 20)], 0)
    networks_of("203.0.113.99")
    limits.take([("other", 20)], 121)
    assert set(limits._even) == {"other"}
    assert networks_of.cache_info().currsize == 0


def test_what_others_took_keeps_a_share_ahead_and_more_than_all_of_it_is_owed():
    limits = Limits()
    assert limits.taken() == {}
    limits.take([("a", 10)], 0)
    assert (limits.taken(), limits.taken()) == ({("a", 10): 1}, {})
    limits.keep_ahead(("a", 10), 54, 0)
    assert [limits.take([("a", 10)], 0) for _ in range(2)] == [0, pytest.approx(6)]
    limits.keep_ahead(("a", 10), 6, 0)
    assert limits.take([("a", 10)], 0) == pytest.approx(6)
    limits.keep_ahead(("a", 10), 1000, 0)
    assert limits.take([("a", 10)], 0) == pytest.approx(LONGEST_DEBT - 54)


def test_a24_an_address_of_version_six_counts_for_its_prefixes():
    assert networks_of("2001:db8:1:2::1") == networks_of("2001:db8:1:2:ffff::2")
    assert networks_of("2001:db8:1:2::1")[1:] == networks_of("2001:db8:1:3::1")[1:]
    assert networks_of("2001:db8:1:2::1")[0] != networks_of("2001:db8:1:3::1")[0]
    assert networks_of("2001:db8:1:2::1")[2] == networks_of("2001:db8:1:ff02::1")[2]
    assert networks_of("::ffff:203.0.113.7") == networks_of("203.0.113.7")
    assert networks_of("fe80::1%eth0") == networks_of("fe80::1")


@given(st.text(max_size=60))
def test_whatever_stands_for_an_address_is_some_network(text):
    assert networks_of(text)


def admit(admission: Admission, addresses: list[str], site: str = "s") -> int:
    """How many of those who come at one moment are let in."""
    count = 0
    for address in addresses:
        try:
            admission.submission(address, site, 0)
            count += 1
        except TooManyRequests:
            continue
    return count


def admission(network: int = 20, site: int = 0, total: int = 0) -> Admission:
    return Admission(
        Rates(network, site, total), Limits(), lambda key: key != "unknown" and not key.startswith("made-up")
    )


def test_a24_whoever_walks_through_a_prefix_gets_its_share_and_no_more():
    in_one_64 = [f"2001:db8::{number:x}" for number in range(1000)]
    in_one_56 = [f"2001:db8:0:{number % 256:x}::1" for number in range(1000)]
    in_one_48 = [f"2001:db8:0:{number:x}::1" for number in range(3000)]
    assert admit(admission(), in_one_64) == 20
    assert admit(admission(), in_one_56) == 80
    assert admit(admission(), in_one_48) == 320


def test_one_network_has_a_share_at_each_site_but_not_at_made_up_ones():
    door = admission()
    assert admit(door, ["203.0.113.7"] * 30, "one") == 20
    assert admit(door, ["203.0.113.7"] * 30, "two") == 20
    assert sum(admit(door, ["203.0.113.7"], f"made-up-{number}") for number in range(100)) == 20


def test_a_site_and_the_whole_have_shares_of_their_own():
    addresses = [f"198.51.{number // 250}.{number % 250}" for number in range(1000)]
    assert admit(admission(site=100), addresses) == 100
    door = admission(site=100, total=150)
    assert (admit(door, addresses, "one"), admit(door, addresses, "two")) == (100, 50)


def test_counting_outcomes_takes_nothing_from_submissions():
    door = admission(network=20, site=30, total=30)

    def counted(number: int) -> bool:
        try:
            door.outcomes(f"198.51.100.{number}", "one", 0)
        except TooManyRequests:
            return False
        return True

    assert sum(counted(number // 10) for number in range(100)) == 30
    assert admit(door, ["198.51.100.1"] * 30, "one") == 20


def test_a_limit_of_nought_is_none():
    assert admit(admission(network=0), ["203.0.113.7"] * 1000) == 1000


def test_tokens_cannot_be_tried_out():
    door, count = admission(), 0
    for _ in range(1000):
        try:
            door.answer("203.0.113.7", 0)
            count += 1
        except TooManyRequests:
            pass
    assert count == 20


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "peer"),
        ("203.0.113.7", 0, "peer"),
        ("", 1, "peer"),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("10.9.9.9, 203.0.113.7", 1, "203.0.113.7"),
        ("10.9.9.9, 203.0.113.7, 192.0.2.1", 2, "203.0.113.7"),
        ("203.0.113.7", 2, "peer"),
        (" , 203.0.113.7:5123", 1, "203.0.113.7"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("[2001:db8::1]:443", 1, "[2001:db8::1]:443"),
    ],
)
def test_a23_only_what_trusted_proxies_wrote_is_believed(forwarded, proxies, address):
    assert client_address("peer", forwarded, proxies) == address
