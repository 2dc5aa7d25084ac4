"""Notices, digests and links as e-mails: plain text and HTML that load nothing from elsewhere."""

from email.headerregistry import Address
from email.message import EmailMessage

from collector.notices.access.letters import LinkLetter
from collector.notices.digests.digest import Digest
from collector.notices.notice import Notice
from collector.reaching.letter import templates_of


def compose_notice(notice: Notice, sender: str, recipient: str, rules_at: str) -> EmailMessage:
    """A notice as a letter. `rules_at` is the page where it is switched off. No visitor's words stand in the subject."""
    return _compose(
        "notice",
        {"notice": notice, "rules_at": rules_at},
        {
            "From": Address("Lukewarm", addr_spec=sender),
            "To": Address(addr_spec=recipient),
            "Subject": " ".join(notice.headline.split()),
            "Message-ID": f"<{notice.name}@{sender.rpartition('@')[2]}>",
        },
    )


def compose_digest(
    digest: Digest, sender: str, recipient: str, name: str, stop_at: str, choose_at: str
) -> EmailMessage:
    """A digest as a letter, with List-Unsubscribe for one click (RFC 8058). `name` is one that nobody can guess; `stop_at`
    and `choose_at` are pages of ours."""
    return _compose(
        "digest",
        {"digest": digest, "stop_at": stop_at, "choose_at": choose_at},
        {
            "From": Address("Lukewarm", addr_spec=sender),
            "To": Address(addr_spec=recipient),
            "Subject": " ".join(f"{digest.team}: {digest.headline}".split()),
            "Message-ID": f"<{name}@{sender.rpartition('@')[2]}>",
            "List-Unsubscribe": f"<{stop_at}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def compose_link(letter: LinkLetter, sender: str, recipient: str, name: str) -> EmailMessage:
    """A letter about one link. `name` is one that nobody can guess."""
    return _compose(
        "link",
        {"letter": letter},
        {
            "From": Address("Lukewarm", addr_spec=sender),
            "To": Address(addr_spec=recipient),
            "Subject": letter.subject,
            "Message-ID": f"<{name}@{sender.rpartition('@')[2]}>",
        },
    )


def _compose(template: str, values: dict[str, object], headers: dict[str, object]) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message["Auto-Submitted"] = "auto-generated"
    templates = templates_of("notices")
    message.set_content(templates.get_template(f"{template}.txt").render(values), cte="quoted-printable")
    message.add_alternative(
        templates.get_template(f"{template}.mail.html").render(values), "html", cte="quoted-printable"
    )
    message["Content-Language"] = "en"
    return message
