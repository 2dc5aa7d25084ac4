"""Which addresses a team may have called."""

from ipaddress import ip_address, ip_network

import pytest

from collector.config import SettingsError, read_settings
from collector.outbound.address import Address, may_reach, read_address

OURS = (ip_network("10.0.8.0/24"),)
HERE = (ip_network("127.0.0.0/8"),)

#: Numbers that lead inside, each in a range of its own.
INSIDE = """
0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
168.63.129.16 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1 100::1
2001::1 2001:0:7f00:1::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()


@pytest.mark.parametrize("numbers", INSIDE)
def test_a88_no_private_number_is_reached(numbers: str):
    assert not may_reach(ip_address(numbers))
    assert not may_reach(ip_address(numbers), OURS)


@pytest.mark.parametrize("numbers", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_public_numbers_are_reached(numbers: str):
    assert may_reach(ip_address(numbers))


def test_the_operators_own_network_is_reached_and_none_beside_it():
    assert may_reach(ip_address("10.0.8.5"), OURS)
    assert not may_reach(ip_address("10.0.9.5"), OURS)
    assert not may_reach(ip_address("::ffff:10.0.8.5"), OURS)


@pytest.mark.parametrize(
    "text",
    [
        *(f"https://[{numbers}]/" if ":" in numbers else f"https://{numbers}/" for numbers in INSIDE),
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/", "https://0/",
        "https://127.0.0.1./", "https://localhost/", "https://LOCALHOST./", "https://a.localhost/", "https://db.internal/",
        "https://printer.local/", "https://intranet/", "https://router.lan/", "https://x.home.arpa/", "https://ⓛocalhost/",
        "https://１２７.0.0.1/", "https://hooks.example.com@127.0.0.1/", "https://user:secret@hooks.example.com/",
        "https://hooks.example.com\\@127.0.0.1/", "https://hooks.example.com#@127.0.0.1/", "https://hooks.example.com /",
        "https://hooks.example.com/\r\nHost: inside", "https://hooks.example.com/\n", " https://hooks.example.com/",
        "http://hooks.example.com/", "http://127.0.0.1/", "ftp://hooks.example.com/", "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "javascript:alert(1)", "//hooks.example.com/",
        "hooks.example.com", "https:hooks.example.com", "https://", "https:///x", "",
        "https://hooks..example.com/", "https://-.example.com/", "https://.example.com/", "https://hooks.example.com:0/",
        "https://hooks.example.com:65536/", "https://hooks.example.com:443:443/", "https://hooks.example.com:/",
        "https://[::1", "https://[fe80::1%25eth0]/", "https://[v1.x]/", "https://hooks.example.com/" + "x" * 1000,
    ],
)  # fmt: skip
def test_a88_hostile_forms_are_refused_when_they_are_given(text: str):
    with pytest.raises(ValueError) as refused:
        read_address(text)
    assert "127" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "parts", "named"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", ("hooks.slack.com", 443, "/services/T0/B0/x"), "hooks.slack.com"),
        ("HTTPS://Chat.Example.com:8065?a=b%20c", ("chat.example.com", 8065, "/?a=b%20c"), "chat.example.com:8065"),
        ("https://prod-1.logic.azure.com:443/w?sp=%2F&sig=A_-b", ("prod-1.logic.azure.com", 443, "/w?sp=%2F&sig=A_-b"),
         "prod-1.logic.azure.com"),
        ("https://[2606:4700::1111]/x", ("2606:4700::1111", 443, "/x"), "[2606:4700::1111]"),
        ("https://8.8.8.8/", ("8.8.8.8", 443, "/"), "8.8.8.8"),
    ],
)  # fmt: skip
def test_addresses_as_services_give_them_are_taken(text: str, parts: tuple[str, int, str], named: str):
    at = read_address(text)
    assert (at, at.named) == (Address("https", *parts), named)


def test_with_a_network_of_ones_own_names_inside_are_taken_and_judged_by_their_numbers():
    assert read_address("https://mattermost/hooks/x", OURS).host == "mattermost"
    assert read_address("https://10.0.8.5/", OURS).host == "10.0.8.5"
    for text in ("https://10.0.9.5/", "https://127.0.0.1/", "http://localhost/", "http://10.0.8.5/"):
        with pytest.raises(ValueError):
            read_address(text, OURS)


def test_plain_http_goes_to_this_machine_only_and_only_where_the_operator_says_so():
    assert read_address("http://127.0.0.1:8065/x", HERE).port == 8065
    assert read_address("http://localhost/", HERE).port == 80
    for text in ("http://hooks.example.com/", "http://8.8.8.8/", "http://10.0.8.5/"):
        with pytest.raises(ValueError):
            read_address(text, HERE)


def test_the_operator_names_networks_and_a_slip_stops_the_start():
    given = read_settings({"LUKEWARM_OUTBOUND_NETWORKS": "10.0.8.0/24, fd00:8::/64"})
    assert given.outbound_networks == (ip_network("10.0.8.0/24"), ip_network("fd00:8::/64"))
    for text in ("10.0.8.1/24", "example.com", "10.0.8.0/33"):
        with pytest.raises(SettingsError, match="LUKEWARM_OUTBOUND_NETWORKS must be networks"):
            read_settings({"LUKEWARM_OUTBOUND_NETWORKS": text})
