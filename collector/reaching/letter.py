"""A follow-up as an e-mail: plain text and HTML, one question, areas as links that only choose. It holds nothing that a visitor
wrote and nothing that is loaded from elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from collector.channels.delivery import Purpose
from collector.followups.follow_up import ShownArea
from collector.questions.fill import fill
from collector.reaching.wording import words


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made from. `answer_at`, `stop_at` and `decoy_at` are addresses of ours; the last one is in the HTML
    alone, where no person sees it, and programs that follow every link give themselves away by it. `name` is a name for the
    message that nobody can guess; a second message made from the same delivery has the same. Without a `question` it leads to
    what was said."""

    site: str
    language: str
    sender: str
    recipient: str
    question: str | None
    areas: tuple[ShownArea, ...]
    answer_at: str
    stop_at: str
    decoy_at: str
    purpose: Purpose
    agreed_at: datetime
    name: str


def compose(letter: Letter) -> EmailMessage:
    """The message, with List-Unsubscribe for one click (RFC 8058) and Auto-Submitted (RFC 3834)."""
    message, text = _envelope(letter)
    message["Auto-Submitted"] = "auto-generated"
    shown = {
        "letter": letter,
        "text": text,
        "opening": text[f"opening_{letter.purpose}"],
        "question": letter.question or text["question_link"],
        "write": text["write" if letter.question else "write_link"],
        "why": text["why" if letter.question else "why_link"],
    }
    message.set_content(templates_of("reaching").get_template("letter.txt").render(shown), cte="quoted-printable")
    message.add_alternative(
        templates_of("reaching").get_template("letter.html").render(shown), "html", cte="quoted-printable"
    )
    # Whatever says something of the content is dropped when there come to be two forms of it.
    message["Content-Language"] = text["language"]
    return message


def compose_reply(letter: Letter) -> EmailMessage:
    """What somebody in the team wrote, `letter.question`, as a message in plain text that says why it comes and how to stop it.
    It can be unsubscribed from like the others, and is not marked as made by a program, for it was not."""
    message, text = _envelope(letter)
    message.set_content(
        f"{letter.question}\n\n-- \n{text['why']}\n{text['stop']}: {letter.stop_at}\n", cte="quoted-printable"
    )
    message["Content-Language"] = text["language"]
    return message


def _envelope(letter: Letter) -> tuple[EmailMessage, dict[str, str]]:
    site = " ".join(letter.site.split())
    values = {"site": site, "date": letter.agreed_at.date().isoformat()}
    text = {name: fill(wording, values) for name, wording in words(letter.language).items()}
    message = EmailMessage()
    message["From"] = Address(site, addr_spec=letter.sender)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = text[f"subject_{letter.purpose}"]
    message["Message-ID"] = f"<{letter.name}@{letter.sender.rpartition('@')[2]}>"
    message["List-Unsubscribe"] = f"<{letter.stop_at}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message, text


@cache
def templates_of(part: str) -> Environment:
    """The templates of letters in a slice: HTML is escaped, and a value that is missing is a fault."""
    return Environment(
        loader=PackageLoader(f"collector.{part}", f"templates/{part}"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
