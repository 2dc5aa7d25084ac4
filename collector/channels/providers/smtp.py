"""A mail server, spoken to step by step: only then is it known in which step it went silent, and whether the message may have
been taken."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from collector import clock
from collector.channels.delivery import Outcome
from collector.channels.replies import outcome_of

#: Seconds for each reply. A server should get minutes (RFC 5321, section 4.5.3.2); the lease of an order is five in all.
_PATIENCE = 20
_PORTS = {"smtp": 587, "smtps": 465}
_DOT_FIRST = re.compile(rb"(?m)^\.")
#: What says that a step went well.
_GOOD = {"data": (354,)}


class _Refused(Exception):
    """The server said no in a step."""

    def __init__(self, step: str, code: int, text: bytes) -> None:
        self.outcome = outcome_of(step, code, text.decode("latin-1"))


class Smtp:
    """The mail server at `url`: `smtps://` speaks TLS from the start, `smtp://` asks for STARTTLS and goes no further without
    it, unless the address ends in `?tls=off`. `sender` is who the envelope names."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._tls_first = parts.scheme == "smtps"
        self._tls_later = parts.scheme == "smtp" and not parts.query
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        #: Connections over which a message went well, for the next one; several workers may share this provider.
        self._kept: list[smtplib.SMTP] = []

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Hands over one message, over the connection of the one before if that went well. Whatever goes wrong before the
        end of its content was sent leaves the server without it; after that, without a reply, nobody knows."""
        message["Date"] = format_datetime(clock.now())
        content = _DOT_FIRST.sub(b"..", message.as_bytes(policy=SMTP))
        kept = self._kept.pop() if self._kept else None
        outcome = self._hand_over(kept, content, recipient)
        if kept is not None and outcome.state == "deferred" and outcome.reply.startswith("mail "):
            # Servers let go of a connection on which nothing is said for a while, and some take only so many over one.
            outcome = self._hand_over(None, content, recipient)
        return outcome

    def rest(self) -> None:
        """Says goodbye on the connections that were kept."""
        while self._kept:
            _leave(self._kept.pop())

    def _hand_over(self, kept: smtplib.SMTP | None, content: bytes, recipient: str) -> Outcome:
        server = kept
        step = "connect"
        try:
            server = server or self._open()
            step = "mail"
            _expect(step, server.mail(self._sender))
            step = "rcpt"
            _expect(step, server.rcpt(recipient))
            step = "data"
            _expect(step, server.docmd("DATA"))
            step = "content"
            server.send(content)
            step = "end"
            server.send(b".\r\n")
            code, text = server.getreply()
            outcome = outcome_of("content", code, text.decode("latin-1"))
        except _Refused as refused:
            outcome = refused.outcome
        except smtplib.SMTPResponseException as refused:
            outcome = Outcome("deferred", f"{step} {refused.smtp_code}")
        except (smtplib.SMTPException, OSError):
            outcome = Outcome("uncertain" if step == "end" else "deferred", f"{step} lost")
        if server is not None:
            if outcome.state == "sent":
                self._kept.append(server)
            else:
                _leave(server)
        return outcome

    def _open(self) -> smtplib.SMTP:
        # The name in EHLO is the sender's domain: what this machine calls itself is nobody's business.
        named = self._sender.rpartition("@")[2]
        server = (
            smtplib.SMTP_SSL(self._host, self._port, named, timeout=_PATIENCE, context=ssl.create_default_context())
            if self._tls_first
            else smtplib.SMTP(self._host, self._port, named, timeout=_PATIENCE)
        )
        try:
            # The end of the content is sent alone; it must not wait until the server has acknowledged what came before.
            assert server.sock is not None
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _expect("ehlo", server.ehlo())
            if self._tls_later:
                _expect("tls", server.starttls(context=ssl.create_default_context()))
                _expect("ehlo", server.ehlo())
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _expect(step: str, reply: tuple[int, bytes]) -> None:
    code, text = reply
    if code not in _GOOD.get(step, range(200, 300)):
        raise _Refused(step, code, text)


def _leave(server: smtplib.SMTP) -> None:
    # What was to be heard was heard; a server that does not say goodbye changes nothing of it.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
