"""What letters with a link say. Of all that people write, only a team's or a site's name stands in them, cut short."""

from dataclasses import dataclass
from datetime import datetime

from collector.waves.wave import Wave

#: Letters of a name; what is longer is no name.
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


def wave_found(wave: Wave, link: str) -> LinkLetter:
    """The letter to owners and editors about a wave."""
    return LinkLetter(
        subject=f"Unusual: {wave.headline}",
        said=(
            f"{wave.headline} on “{_short(wave.site_name)}”, {wave.usually}. The last one came at {wave.last:%H:%M} UTC.",
            "They count like all others until somebody in your team sets them aside.",
        ),
        link=link,
        press="Look",
        foot="You get this as an owner or editor of the team, when a wave begins.",
    )


def _short(name: str) -> str:
    whole = " ".join(name.split())
    return whole if len(whole) <= _LONGEST_NAME else f"{whole[: _LONGEST_NAME - 1]}…"
