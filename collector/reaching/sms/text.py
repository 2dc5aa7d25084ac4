"""A follow-up as an SMS: the question, what to answer, a link, and how to stop. It holds nothing that a visitor wrote."""

from collections.abc import Sequence

from collector.channels.delivery import Purpose
from collector.channels.sms.parts import cheaper, measure
from collector.followups.follow_up import ShownArea
from collector.questions.fill import fill
from collector.reaching.wording import words

#: Parts that question and areas may take together; link and words take about one more.
_ROOM = 2


def compose_text(
    site: str, language: str, question: str, areas: Sequence[ShownArea], answer_at: str, purpose: Purpose
) -> str:
    """The text. Areas are numbered, so that one digit is an answer, where they do not make it dear."""
    text = words(language)
    values = {"site": " ".join(site.split()), "question": question, "link": answer_at}
    lines = _lines(listed(question, areas))
    closing = text["sms_pick" if lines else "sms_write"]
    return cheaper("\n".join([fill(text[f"sms_{purpose}"], values), *lines, fill(closing, values)]))


def listed(question: str, areas: Sequence[ShownArea]) -> Sequence[ShownArea]:
    """The areas that stand in the message: all, or none where they would make it dear. The same for the same question, so
    that a digit that comes back is understood."""
    found = measure(cheaper("\n".join([question, *_lines(areas)])))
    return areas if found.encoding == "GSM-7" and len(found.parts) <= _ROOM else ()


def report_purpose(purpose: Purpose) -> str:
    """What the token is good for under which a provider reports of a message."""
    return f"sms-{purpose}"


def _lines(areas: Sequence[ShownArea]) -> list[str]:
    return [f"{number} {label}" for number, (_, label) in enumerate(areas, start=1)]
