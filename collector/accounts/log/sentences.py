"""A line of the audit log in plain words."""

from collections.abc import Mapping

#: What a verb says, after whoever did it; `{}` stands for its target. A verb that is not here is read as it stands:
#: `site.renamed` is "site renamed", and its target follows.
VERBS = {
    "team.set_up": "set up the team",
    "team.renamed": "renamed the team to {}",
    "member.invited": "invited {}",
    "invitation.undeliverable": "could not deliver the mail that invites {}",
    "invitation.uncertain": "may not have delivered the mail that invites {}",
    "invitation.link_shown": "looked at the link of the invitation of {}",
    "invitation.withdrawn": "withdrew the invitation of {}",
    "member.joined": "joined the team as {}",
    "member.added": "added {} to the team",
    "member.role_changed": "changed the role of {}",
    "member.removed": "removed {} from the team",
    "member.disabled": "disabled {} everywhere",
    "member.enabled": "let {} sign in again",
    "member.reset_made": "made a link for a new password for {}",
    "member.reset_sent": "had a link for a new password sent to {}",
    "reset.undeliverable": "could not deliver the mail with a link for a new password to {}",
    "reset.uncertain": "may not have delivered the mail with a link for a new password to {}",
    "member.password_reset": "chose a new password with a link",
    "member.password_changed": "changed their password",
    "member.second_step_on": "turned on their second step",
    "member.second_step_off": "turned off their second step",
    "member.recovery_codes_made": "made new recovery codes",
    "member.recovery_code_used": "signed in with a recovery code",
    "member.linked": "signed in through another service for the first time, as {}",
    "member.unlinked": "ended signing in through another service as {}",
    "member.passkey_added": "added the passkey {} for themselves",
    "member.passkey_removed": "removed their passkey {}",
    "site.added": "added the site {}",
    "site.changed": "changed the settings of the site {}",
    "site.manners_changed": "changed how people are contacted later, at the site {}",
    "site.retention_changed": "changed how long responses are kept, at the site {}",
    "site.secret_renewed": "made a new secret for signed visitors of the site {}",
    "site.deleted": "deleted the site {}",
    "survey.changed": "changed the survey {}",
    "survey.categories_changed": "changed the categories of the survey {}",
    "survey.questions_changed": "changed the questions of the survey {}",
    "survey.look_changed": "changed the appearance of the survey {}",
    "survey.when_changed": "changed when the survey {} shows",
    "survey.consent_changed": "worded anew what people agree to on {}",
    "wave.aside": "set aside a wave: {}",
    "wave.fine": "found a wave all right: {}",
    "wave.opened": "opened a wave again: {}",
    "response.set_aside": "set aside {}",
    "response.taken_back": "took back {}",
    "response.aside_undone": "undid the setting aside or taking back of {}",
    "notice.added": "added the rule {} for notices",
    "notice.changed": "changed the rule {} for notices",
    "notice.switched_off": "switched off the rule {} for notices",
    "notice.switched_on": "switched on the rule {} for notices",
    "notice.removed": "removed the rule {} for notices",
    "notice.tested": "sent a test of the rule {} for notices",
    "notice.secret_shown": "looked at the secret of the rule {} for notices",
    "cases.rules": "changed which responses become cases",
    "tag.renamed": "renamed the {}",
    "tag.merged": "merged the {} into another",
    "tag.deleted": "deleted the {}",
    "key.made": "made the key {}",
    "key.revoked": "revoked the key {}",
}

#: What nobody did, but the program by itself.
_BY_ITSELF = frozenset(("invitation.undeliverable", "invitation.uncertain", "reset.undeliverable", "reset.uncertain"))


def whose(by: str | None, verb: str) -> str:
    """Who did it: a member by name, else the program or somebody on the command line."""
    return by or ("Lukewarm" if verb in _BY_ITSELF else "The command line")


def words_for(verb: str, target: str) -> tuple[str, str, str]:
    """What was done, in three parts: the words before the target, the target if it is named, the words after it."""
    sentence = VERBS.get(verb) or f"{verb.replace('.', ' ').replace('_', ' ')} {{}}"
    before, place, after = sentence.partition("{}")
    return before, target if place else "", after


def detail_words(detail: Mapping[str, object]) -> str:
    """What else is known of a change: names and values, separated by commas."""
    return ", ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in detail.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
