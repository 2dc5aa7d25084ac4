"""A line of the audit log in plain words."""

from collections.abc import Mapping

#: What a verb says of its target. One that is not here is read as it stands: `site.renamed` is "site renamed".
VERBS = {
    "team.renamed": "renamed the team to",
    "member.invited": "invited",
    "invitation.withdrawn": "withdrew the invitation of",
    "member.joined": "joined the team:",
    "member.added": "was added to the team:",
    "member.role_changed": "changed the role of",
    "member.removed": "removed from the team",
    "member.disabled": "was disabled everywhere:",
    "member.enabled": "may sign in again:",
    "member.reset_made": "made a link for a new password for",
    "member.password_reset": "chose a new password with a link:",
    "member.password_changed": "changed the own password:",
    "member.second_step_on": "turned the second step on:",
    "member.second_step_off": "turned the second step off:",
    "member.recovery_codes_made": "made new recovery codes:",
    "member.recovery_code_used": "signed in with a recovery code:",
    "key.made": "made the key",
    "key.revoked": "revoked the key",
}


def words_for(verb: str) -> str:
    """What was done, to be followed by the target."""
    return VERBS.get(verb) or verb.replace(".", " ").replace("_", " ")


def detail_words(detail: Mapping[str, object]) -> str:
    """What else is known of a change: names and values, separated by commas."""
    return ", ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in detail.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
