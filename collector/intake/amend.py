"""What an amendment does to a response, in one pure function. One response stays one, however often its author amends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.followups.follow_up import NewFollowUp
from collector.intake.accept import ask, check_said
from collector.intake.snapshot import Snapshot
from collector.intake.submission import OfferedQuestion, Said
from collector.problems import ResponseFinal, ValidationFailed
from collector.responses.response import AmendedResponse, StoredResponse
from collector.responses.suspicion import suspicion
from collector.scales import SCALES

#: How long its author may change a response after it was received.
AMENDABLE_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is written: the response as it is from now on, and the question that is asked now, on the receipt and as a row."""

    response: AmendedResponse
    question: OfferedQuestion | None
    follow_up: NewFollowUp | None


def amend(said: Said, stored: StoredResponse, was_asked: bool, snapshot: Snapshot, now: datetime) -> Amendment | None:
    """What `said` makes of a stored response; `None` when it says nothing new. Who was asked a question already
    (`was_asked`) is asked no other; nor is anybody while the survey is closed.

    Raises `ResponseFinal` for a change that comes too late, or `ValidationFailed` with a pointer for each fault."""
    survey = next(survey for survey in snapshot.surveys if survey.id == stored.survey)
    scale = SCALES[stored.scale]
    # A category that the survey had when it was chosen stays one, so that whoever mends a word need not choose anew.
    kept = {stored.category} if stored.category else set()
    faults = check_said(said, scale, kept | {item.key for item in survey.categories})
    if faults:
        raise ValidationFailed(faults=faults)
    suspect = suspicion(said.trap, said.seconds)
    changed = AmendedResponse(
        score=said.score,
        segment=scale.band(said.score).segment,
        category=said.category,
        comment=said.comment,
        language=said.language or stored.language,
        configuration=snapshot.versions[survey.key],
        attributes=dict(said.attributes),
        partial=said.partial,
        suspect=suspect,
    )
    # What was finished is not made unfinished by something that was sent before and comes late.
    if _says_the_same(changed, stored) or (said.partial and not stored.partial):
        return None
    if now > stored.received_at + AMENDABLE_FOR:
        raise ResponseFinal()
    if was_asked or said.partial or suspect is not None or not survey.open:
        return Amendment(changed, None, None)
    asked = ask(said, stored.submission, stored.page, survey, snapshot, now)
    return Amendment(changed, *asked) if asked else Amendment(changed, None, None)


def _says_the_same(changed: AmendedResponse, stored: StoredResponse) -> bool:
    return all(
        getattr(changed, name) == getattr(stored, name)
        for name in ("score", "category", "comment", "language", "attributes", "partial")
    )
