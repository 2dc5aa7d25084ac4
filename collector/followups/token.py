"""The token under which a follow-up is answered. Its fingerprint is stored with the follow-up and decides."""

from uuid import UUID

from collector.followups.follow_up import OfferedFollowUp
from collector.signing import every, fingerprint, token_for

#: What the token is good for; another purpose has another one.
PURPOSE = "follow-up"


def make_token(key: bytes, site: int, submission: UUID) -> str:
    """The token of a submission's follow-up, the same each time."""
    return token_for(key, PURPOSE, site, submission)


def token_of(key: bytes, offered: OfferedFollowUp) -> str:
    """The token of a follow-up that was offered: made with the key that was in force then, if it is still believed."""
    made = [make_token(one, offered.site, offered.submission) for one in every(key)]
    return next((one for one in made if fingerprint(one) == offered.fingerprint), made[0])
