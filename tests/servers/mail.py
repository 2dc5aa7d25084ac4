"""A real mail server (aiosmtpd) that misbehaves where a test says so."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

#: Steps of the dialogue in their order. At `content` the server has the whole message and says nothing yet; at `replied` its
#: 250 is on the way; at `quit` the caller has written down what became of the message.
STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "content", "replied", "quit")

Act = Callable[[SMTP], str | None]


class MailServer:
    """Takes mails on a free port. `acts` says what is done in a step: it may answer with a reply, drop the connection, or kill
    whoever is speaking; without one the server behaves. `taken` holds every recipient and content that got a 250."""

    def __init__(self, acts: dict[str, Act] | None = None, certificate: Path | None = None, **options: Any) -> None:
        self.acts = acts or {}
        self.taken: list[tuple[str, bytes]] = []
        if certificate is not None:
            context = SSLContext(PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            options |= {"tls_context": context, "require_starttls": True}
        self._controller = _OnFreePort(
            _Handler(self), hostname="127.0.0.1", port=0, ready_timeout=20, server_hostname="mail.example", **options
        )

    def __enter__(self) -> "MailServer":
        self._controller.start()
        self.port: int = self._controller.port
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def act(self, step: str, server: SMTP) -> str | None:
        """What the test wants done in a step."""
        return self.acts[step](server) if step in self.acts else None


class _Speaker(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - a name of aiosmtpd's
        self.event_handler.mails.act("data", self)
        await super().smtp_DATA(arg)
        self.event_handler.mails.act("replied", self)


class _OnFreePort(Controller):
    def factory(self) -> SMTP:
        speaker = _Speaker(self.handler, **self.SMTP_kwargs)
        self.handler.mails.act("connect", speaker)
        return speaker

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Handler:
    def __init__(self, mails: MailServer) -> None:
        self.mails = mails

    async def handle_EHLO(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = self.mails.act("ehlo", server)
        return [said] if said else responses

    async def handle_MAIL(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mails.act("mail", server) or "250 OK"

    async def handle_RCPT(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.mails.act("rcpt", server)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - a name of aiosmtpd's
        said = self.mails.act("content", server)
        if said is None or said.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.mails.taken.append((envelope.rcpt_tos[0], envelope.content))
        return said or "250 2.0.0 queued"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - a name of aiosmtpd's
        return self.mails.act("quit", server) or "221 Bye"


def drop(server: SMTP) -> None:
    """Ends the connection without a word."""
    server.transport.abort()  # type: ignore[union-attr]  # there while it speaks


def certificate(folder: Path, names: str = "IP:127.0.0.1") -> Path:
    """A certificate for 127.0.0.1, or other `names`, that nobody signed but itself, and its key beside it."""
    made = folder / "mail.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", f"subjectAltName={names}", "-keyout", str(made.with_suffix(".key")), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def accepts(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one user."""

    def look(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return look
