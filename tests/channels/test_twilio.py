"""The provider of SMS against a real service that misbehaves at every step, and what it reports and signs."""

import socket
from pathlib import Path

import pytest

from collector.channels.delivery import Outcome, State, TextMessage
from collector.channels.providers.twilio import Twilio
from collector.channels.sms.status import Step, step
from collector.channels.sms.twilio import is_signed, signature
from tests.servers.mail import certificate
from tests.servers.sms import ACCOUNT, NUMBER, TOKEN, Answer, TextService, refused

MESSAGE = TextMessage("Näin? 100 % & mehr\n1 Ja", "https://ask.example.com/hooks/sms/status/abc")
ANN = "+447400123456"


def send(service: TextService, sender: str = NUMBER, patience: float = 20) -> Outcome:
    return Twilio(service.url, sender, patience).send(MESSAGE, ANN)


def test_a_message_is_handed_over_whole_with_where_to_report():
    with TextService() as service:
        assert send(service) == Outcome("sent", f"201 SM{1:032}")
        assert send(service, "MG" + "0" * 32).state == "sent"
    first, second = service.asked
    assert first == {
        "To": ANN,
        "From": NUMBER,
        "Body": MESSAGE.text,
        "StatusCallback": MESSAGE.status_at,
        "ValidityPeriod": "3600",
    }
    assert ("From" in second, second["MessagingServiceSid"]) == (False, "MG" + "0" * 32)
    assert service.logins == [(ACCOUNT, TOKEN)] * 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(429), Outcome("deferred", "429")),
        (Answer(500), Outcome("deferred", "500")),
        (Answer(503, b"<html>"), Outcome("deferred", "503")),
        (refused(401, 20003), Outcome("deferred", "401")),
        (refused(404, 20404), Outcome("deferred", "404")),
        (refused(400, 21606), Outcome("deferred", "400")),
        (Answer(302, headers={"Location": "/elsewhere"}), Outcome("deferred", "302")),
        (Answer(502), Outcome("uncertain", "502")),
        (Answer(504), Outcome("uncertain", "504")),
        (refused(400, 21211), Outcome("undeliverable", "400 21211", gone=True)),
        (refused(400, 21614), Outcome("undeliverable", "400 21614", gone=True)),
        (refused(400, 21408), Outcome("undeliverable", "400 21408")),
        (refused(400, 21610), Outcome("undeliverable", "400 21610", stopped=True)),
        (Answer(400, b"no"), Outcome("undeliverable", "400")),
        (Answer(201, b"{"), Outcome("uncertain", "201 without a sid")),
        (Answer(201, b"[" * 9999), Outcome("uncertain", "201 without a sid")),
        (Answer(201, b'{"sid": "<script>"}'), Outcome("uncertain", "201 without a sid")),
        (Answer(200, b'["sid"]'), Outcome("uncertain", "200 without a sid")),
        (Answer(201, cut=True), Outcome("uncertain", "201 without a sid")),
        (Answer(drop="after"), Outcome("uncertain", "end lost")),
    ],
)
def test_what_the_service_says_is_what_becomes_of_it(answer: Answer, outcome: Outcome):
    with TextService(answer) as service:
        assert send(service) == outcome


def test_a_connection_lost_before_the_service_read_it_is_never_taken_for_sent():
    """Whether our system had sent the last octet by then is up to it; without it, the service has no message."""
    with TextService(Answer(drop="before")) as service:
        assert send(service).state in ("deferred", "uncertain")
        assert service.asked == []


def test_a_service_that_says_nothing_may_have_the_message():
    with TextService(Answer(silent=True)) as service:
        assert send(service, patience=0.2) == Outcome("uncertain", "end lost")
        assert len(service.asked) == 1


def test_nobody_at_home_is_tried_again():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://a:b@127.0.0.1:{nobody.getsockname()[1]}"
        assert Twilio(url, NUMBER).send(MESSAGE, ANN) == Outcome("deferred", "connect lost")


def test_only_a_service_that_somebody_vouches_for_hears_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = certificate(tmp_path)
    with TextService(certificate=made) as service:
        assert send(service) == Outcome("deferred", "connect lost")
        assert service.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        assert send(service).state == "sent"


@pytest.mark.parametrize(
    ("state", "word", "to"),
    [
        ("sending", "queued", "sent"),
        ("uncertain", "sent", "sent"),
        ("uncertain", "delivered", "delivered"),
        ("sent", "delivered", "delivered"),
        ("sent", "undelivered", "undeliverable"),
        ("sent", "failed", "undeliverable"),
        ("undeliverable", "delivered", "delivered"),
        ("sent", "sent", None),
        ("delivered", "sent", None),
        ("delivered", "failed", None),
        ("undeliverable", "sent", None),
        ("sent", "accepted", None),
        ("sent", "<script>", None),
        ("sent", "", None),
    ],
)
def test_a_message_only_goes_on(state: State, word: str, to: State | None):
    found = step(word)
    assert (found.to if isinstance(found, Step) and state in found.since else None) == to


def test_a_signature_is_made_as_the_service_documents_it():
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    given = {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234"}
    given |= {"From": "+12349013030", "To": "+18005551212"}
    assert signature("12345", url, given.items()) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    assert is_signed("12345", url, reversed(given.items()), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    for wrong in ("", "é", "0/KCTR6DLpKmkAf8muzZqo1nDgQ", "0/KCTR6DLpKmkAf8muzZqo1nDgR="):
        assert not is_signed("12345", url, given.items(), wrong)
