"""What Twilio's answers mean, and how it signs what it sends (https://www.twilio.com/docs/api/errors,
https://www.twilio.com/docs/usage/security). Others speak the same dialect."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from collector.channels.delivery import Outcome

#: The number cannot be written to, now or later: not a number (21211, 21217, 21401), unreachable (21214), not a mobile one
#: (21614), unknown or not in use (30005), a landline (30006).
_GONE = frozenset((21211, 21214, 21217, 21401, 21614, 30005, 30006))
#: The person told the carrier to stop.
_STOPPED = frozenset((21610,))
#: Ours to mend: a sender that is not ours, or that cannot send (21212, 21603, 21606, 21659, 21660), an address for reports that
#: is not taken (21609). The message is not to blame.
_OURS = frozenset((21212, 21603, 21606, 21609, 21659, 21660))
#: Codes below speak of the account and of HTTP.
_OF_MESSAGES = 21_000
#: These come from a gateway that does not know whether the service behind it took the message.
_GATEWAY = frozenset((502, 504))

#: A name that the service gives to a message; longer ones than its own (34 signs) are not believed.
SID = re.compile(r"[A-Za-z0-9]{2,50}")


def outcome_of(status: int, body: bytes) -> Outcome:
    """The outcome of an answer to a new message. A code of the service's is told as well as HTTP's status."""
    found = _object(body)
    if 200 <= status < 300:
        sid = found.get("sid")
        if isinstance(sid, str) and SID.fullmatch(sid):
            return Outcome("sent", f"{status} {sid}")
        return Outcome("uncertain", f"{status} without a sid")
    if status in _GATEWAY:
        return Outcome("uncertain", str(status))
    if status in (400, 404, 422):
        code = found.get("code")
        if not isinstance(code, int):
            return Outcome("deferred" if status == 404 else "undeliverable", str(status))
        if code >= _OF_MESSAGES and code not in _OURS:
            return refused(f"{status} {code}", code)
    # A login, an account or an address that is wrong is a fault of the settings; 429 and 5xx took nothing.
    return Outcome("deferred", str(status))


def refused(reply: str, code: int) -> Outcome:
    """The outcome of a message that was refused, at once or later, with one of the service's codes."""
    return Outcome("undeliverable", reply, gone=code in _GONE, stopped=code in _STOPPED)


def login_of(url: str) -> tuple[str, str]:
    """Account and token, as the service's address holds them."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")


def signature(token: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """How a request is signed: HMAC-SHA1 under the account's token over the address and, sorted by name, each parameter's
    name and value, in base64."""
    text = url + "".join(name + value for name, value in sorted(parameters))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode("ascii")


def is_signed(token: str, url: str, parameters: Iterable[tuple[str, str]], given: str) -> bool:
    """Whether `given` is the signature of a request. Compared in constant time."""
    return hmac.compare_digest(signature(token, url, parameters).encode(), given.encode())


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
