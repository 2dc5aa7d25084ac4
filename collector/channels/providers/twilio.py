"""A service for SMS that speaks as Twilio does: one POST for a message. The connection is gone through step by step: only
then is it known in which step it broke, and whether the message may have been taken."""

import base64
import http.client
import ssl
from urllib.parse import quote, urlencode, urlsplit

from collector.channels.delivery import Outcome, TextMessage
from collector.channels.sms.twilio import login_of, outcome_of

#: Seconds for each step. What a service says after that, nobody here hears.
_PATIENCE = 20
#: An answer is one small object.
_MOST = 64 * 1024
#: Seconds for which the service may try to deliver: what is late would come at night.
_VALID_FOR = 3600


class Twilio:
    """The service at `url`, which holds the account and its token: `https://ACCOUNT:TOKEN@api.twilio.com`. `sender` is a
    number, or a messaging service (`MG…`) that chooses one."""

    def __init__(self, url: str, sender: str, patience: float = _PATIENCE) -> None:
        parts = urlsplit(url)
        account, token = login_of(url)
        self._tls = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = f"/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        self._login = "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode("ascii")
        self._sender = sender
        self._patience = patience

    def send(self, message: TextMessage, recipient: str) -> Outcome:
        """Hands over one message. Whatever goes wrong before the last octet of the request was sent leaves the service
        without it; after that, without an answer, nobody knows. No redirect is followed."""
        body = self._form(message, recipient)
        connection = self._connection()
        step = "connect"
        try:
            connection.connect()
            step = "request"
            connection.putrequest("POST", self._path)
            connection.putheader("Authorization", self._login)
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
            connection.putheader("Accept", "application/json")
            connection.putheader("Connection", "close")
            connection.endheaders(body[:-1])
            step = "end"
            connection.send(body[-1:])
            reply = connection.getresponse()
            return outcome_of(reply.status, reply.read(_MOST))
        except (http.client.HTTPException, OSError):
            return Outcome("uncertain" if step == "end" else "deferred", f"{step} lost")
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._patience, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._patience)

    def rest(self) -> None:
        """Keeps nothing open; each message has a connection of its own."""

    def _form(self, message: TextMessage, recipient: str) -> bytes:
        by = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        fields = {
            "To": recipient,
            by: self._sender,
            "Body": message.text,
            "StatusCallback": message.status_at,
            "ValidityPeriod": str(_VALID_FOR),
        }
        return urlencode(fields).encode("ascii")
