"""What somebody had before them when they changed a setting."""

import hashlib
import json
from dataclasses import asdict

from collector.problems import ValidationFailed
from collector.sites.site import Site
from collector.surveys.survey import Survey


def edition(site: Site, survey: Survey | None = None) -> str:
    """A short hash of all that people set of a site and its survey. It stands in each form: where it is no longer the same
    when the form comes back, somebody else has changed something meanwhile."""
    said = (
        [site.name, site.origins, site.industry, site.language, sorted(site.parameters)],
        asdict(survey) if survey else None,
    )
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=sorted).encode()).hexdigest()[:16]


def check_edition(sent: str | None, now: str) -> None:
    """Raises `ValidationFailed` when somebody else has changed what a form was made from. The form that is shown then is made
    from what is there, so that sending it again overrules."""
    if sent != now:
        raise ValidationFailed(
            "Somebody else has changed these settings meanwhile. What you typed is still here: saving again puts it in the "
            "place of theirs, opening the page anew shows theirs."
        )
