"""The mail provider against a real server that misbehaves at every step."""

import socket
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from collector.channels.delivery import Outcome
from collector.channels.providers.smtp import Smtp
from tests.servers.mail import MailServer, accepts, certificate, drop


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Shop <ask@example.com>", "ann@example.com", "One question"
    mail["Message-ID"] = "<a@example.com>"
    mail.set_content("Hello\n.\n..dots\n")
    return mail


def send(server: MailServer, user: str = "", query: str = "?tls=off", host: str = "127.0.0.1") -> Outcome:
    provider = Smtp(f"smtp://{user}{host}:{server.port}{query}", "ask@example.com")
    try:
        return provider.send(message(), "ann@example.com")
    finally:
        provider.rest()


def test_a_message_arrives_whole_for_the_one_recipient():
    with MailServer() as server:
        assert send(server) == Outcome("sent", "content 250")
    ((recipient, content),) = server.taken
    assert recipient == "ann@example.com"
    assert b"\r\n\r\nHello\r\n.\r\n..dots\r\n" in content
    assert b"\r\nDate: " in content


def test_messages_that_go_well_share_a_connection():
    opened: list[object] = []
    with MailServer() as server:
        server.acts["connect"] = opened.append
        provider = Smtp(f"smtp://127.0.0.1:{server.port}?tls=off", "ask@example.com")
        for name in ("ann", "ben", "eve"):
            assert provider.send(message(), f"{name}@example.com").state == "sent"
        provider.rest()
    assert len(opened) == 1
    assert [recipient for recipient, _ in server.taken] == ["ann@example.com", "ben@example.com", "eve@example.com"]


@pytest.mark.parametrize("goodbye", [drop, lambda _: "421 4.7.0 too many over one connection"])
def test_a_server_that_lets_go_of_a_shared_connection_is_called_anew(goodbye):
    with MailServer() as server:
        provider = Smtp(f"smtp://127.0.0.1:{server.port}?tls=off", "ask@example.com")
        assert provider.send(message(), "ann@example.com").state == "sent"

        def once(speaker: SMTP) -> str | None:
            del server.acts["mail"]
            return goodbye(speaker)

        server.acts["mail"] = once
        assert provider.send(message(), "ben@example.com") == Outcome("sent", "content 250")
        provider.rest()
    assert len(server.taken) == 2


@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt"])
def test_a_connection_lost_before_the_content_leaves_the_server_without_it(step: str):
    with MailServer({step: drop}) as server:
        outcome = send(server)
    assert (outcome.state, server.taken) == ("deferred", [])


def test_a_connection_lost_after_the_content_is_uncertain():
    with MailServer({"content": drop}) as server:
        assert send(server) == Outcome("uncertain", "end lost")


def test_what_is_lost_after_the_250_changes_nothing():
    with MailServer({"replied": drop}) as server:
        assert send(server).state == "sent"


@pytest.mark.parametrize(
    ("step", "said", "outcome"),
    [
        ("mail", "421 4.3.2 closing", Outcome("deferred", "mail 421")),
        ("rcpt", "421 4.3.2 closing", Outcome("deferred", "rcpt 421")),
        ("content", "421 4.3.2 closing", Outcome("deferred", "content 421")),
        ("rcpt", "450 4.2.0 greylisted", Outcome("deferred", "rcpt 450")),
        ("rcpt", "550 5.1.1 <ann@example.com> unknown", Outcome("undeliverable", "rcpt 550 5.1.1", gone=True)),
        ("rcpt", "550 5.7.1 not from you", Outcome("undeliverable", "rcpt 550 5.7.1")),
        ("content", "554 5.7.1 spam", Outcome("undeliverable", "content 554 5.7.1")),
        ("content", "452 4.3.1 full", Outcome("deferred", "content 452")),
        ("mail", "530 5.7.0 who are you", Outcome("undeliverable", "mail 530 5.7.0")),
    ],
)
def test_what_the_server_says_is_what_becomes_of_it(step: str, said: str, outcome: Outcome):
    with MailServer({step: lambda _: said}) as server:
        assert send(server) == outcome
    assert server.taken == []


def test_nobody_at_home_is_tried_again():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{nobody.getsockname()[1]}?tls=off"
        assert Smtp(url, "ask@example.com").send(message(), "ann@example.com").state == "deferred"


@pytest.mark.parametrize("greeting", [b"554 5.3.2 not now\r\n", b"\x00\xff garbage\r\n", b"", b"220 " + b"x" * 20_000])
def test_a_greeting_that_is_none_is_tried_again(greeting: bytes):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}?tls=off"
        assert Smtp(url, "ask@example.com").send(message(), "ann@example.com").state == "deferred"
        thread.join(10)


def test_without_tls_nothing_is_said_of_the_message():
    with MailServer() as server:
        assert send(server, query="").state == "deferred"
    assert server.taken == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    with MailServer(certificate=certificate(tmp_path)) as server:
        assert send(server, query="").state == "deferred"
    assert server.taken == []


def test_under_tls_it_logs_in_and_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with MailServer(certificate=made, authenticator=accepts("us er", "p:w@rd"), auth_required=True) as server:
        assert send(server, "us%20er:p%3Aw%40rd@", "") == Outcome("sent", "content 250")
        assert send(server, "us%20er:wrong@", "") == Outcome("deferred", "connect 535")
    assert len(server.taken) == 1
