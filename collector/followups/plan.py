"""What happens after a response: the question that is offered at once in the widget, and until when it stays open."""

from datetime import datetime
from uuid import UUID

from collector.followups.follow_up import NewFollowUp
from collector.followups.state import OPEN_FOR
from collector.questions.choose import Choice


def plan(choice: Choice, team: int, site: int, submission: UUID, fingerprint: bytes, now: datetime) -> NewFollowUp:
    """The follow-up for a chosen question, offered at `now`."""
    return NewFollowUp(
        team=team,
        site=site,
        submission=submission,
        fingerprint=fingerprint,
        channel="widget",
        pack=choice.pack,
        question=choice.question,
        language=choice.language,
        kind=choice.kind,
        text=choice.text,
        areas=choice.areas,
        variant=choice.variant,
        probability=choice.probability,
        why=choice.why,
        offered_at=now,
        expires_at=now + OPEN_FOR,
    )
