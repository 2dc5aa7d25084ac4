"""What letters with a link say. Of all that people write, only a team's name stands in them, cut short."""

from dataclasses import dataclass
from datetime import datetime

#: Letters of a team's name; what is longer is no name.
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """A letter about one link: `press` stands on its button, `foot` says what to do if it is not wanted."""

    subject: str
    said: tuple[str, ...]
    link: str
    press: str
    foot: str


def invitation(team: str, role: str, until: datetime, link: str) -> LinkLetter:
    """The letter to somebody who is invited."""
    named = _short(team)
    return LinkLetter(
        subject=f"Join {named} on Lukewarm",
        said=(
            f"You are invited to the team “{named}” as {role}.",
            f"The link works once, for this address only, until {until.day} {until:%B %Y, %H:%M} UTC.",
        ),
        link=link,
        press="Join the team",
        foot="An owner of the team has entered your address. If you do not know the team, do nothing: the link ends by itself.",
    )


def new_password(minutes: int, link: str) -> LinkLetter:
    """The letter to a member who gets a new password."""
    return LinkLetter(
        subject="Choose a new password",
        said=(
            "Somebody asked for a new password for this address.",
            f"The link works once, for {minutes} minutes. Of several letters, the last one counts.",
        ),
        link=link,
        press="Choose a new password",
        foot="If that was not you, do nothing: your password stays as it is, and nobody but you has this link.",
    )


def _short(name: str) -> str:
    whole = " ".join(name.split())
    return whole if len(whole) <= _LONGEST_NAME else f"{whole[: _LONGEST_NAME - 1]}…"
