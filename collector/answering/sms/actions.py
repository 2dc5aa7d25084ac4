"""Writes for what comes back by SMS."""

from datetime import datetime

from sqlalchemy.orm import Session

from collector.answering.queries import open_question
from collector.answering.sms.reading import Inbound, Meaning, added, answer_of
from collector.channels.actions import first_heard
from collector.channels.queries import asked_by_text
from collector.contacts.actions import hold_mailboxes, suppress_everywhere
from collector.contacts.address import digest_of, number_as_given
from collector.followups.actions import record_answer
from collector.followups.follow_up import Answer
from collector.followups.token import token_of
from collector.problems import AnswerFinal
from collector.reaching.sms.text import listed
from collector.sites.queries import sites


def take_in(tx: Session, key: bytes, message: Inbound, meaning: Meaning | None, now: datetime) -> str:
    """Does what somebody wants who wrote a message, once, and returns in a word for the log what that was."""
    if not first_heard(tx, message.sid, now):
        return "repeated"
    digest = digest_of(number_as_given(message.number))
    hold_mailboxes(tx, frozenset({digest}))  # a long message comes in pieces, several at once
    if meaning == "stop":
        suppress_everywhere(tx, sites(tx), digest, "unsubscribed", now)
        return "stopped"
    if meaning != "answer":
        return "nothing"
    return "answered" if _answer(tx, key, digest, message.text, now) else "not asked"


def _answer(tx: Session, key: bytes, digest: bytes, text: str, now: datetime) -> bool:
    """Stores a reply with the last question that this number was asked by SMS and that can still be answered."""
    for place in asked_by_text(tx, digest):
        found = open_question(tx, place, now)
        if found is None:
            continue
        answer = answer_of(text, found.areas, listed(found.text, found.areas))
        if found.state == "answered":
            answer = added(Answer(found.answer_areas, found.answer_text), answer)
        try:
            record_answer(tx, token_of(key, found), answer, now, "sms")
        except AnswerFinal:
            continue
        return True
    return False
