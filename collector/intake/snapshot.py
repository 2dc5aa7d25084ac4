"""The configuration that decides about a submission: one site, its surveys and packs, and the key that tokens are made
with. It is read from the database at one moment and does not change."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from collector.questions import fingerprint, own_pack, packs_for
from collector.questions.pack import Pack
from collector.sites.site import Site
from collector.surveys.survey import Survey
from collector.surveys.wording import wording_fingerprint


@dataclass(frozen=True)
class Snapshot:
    """A site's configuration at one moment."""

    site: Site
    surveys: tuple[Survey, ...]
    token_key: bytes

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins that may submit, in normal form."""
        return frozenset(self.site.origins)

    @cached_property
    def versions(self) -> dict[str, str]:
        """Version of each survey's configuration, by the survey's key."""
        return {survey.key: _version(self.site, survey) for survey in self.surveys}

    def survey(self, key: str | None) -> Survey | None:
        """The survey with this key; the site's first one when no key is given."""
        if key is None:
            return self.surveys[0] if self.surveys else None
        return next((survey for survey in self.surveys if survey.key == key), None)

    def packs(self, survey: Survey, language: str) -> tuple[Pack, ...]:
        """The packs from which the survey's follow-ups are chosen, in order of preference: the owner's own questions, then
        those of the industry, in the language nearest to `language`."""
        packs = packs_for(survey.pack, language)
        return (own_pack(survey.questions, language), *packs) if survey.questions else packs


def _version(site: Site, survey: Survey) -> str:
    """A hash of everything that a receipt or the widget's settings depend on: two configurations with one version decide
    alike. 16 signs of hexadecimal, 64 bits; it marks a state and guards nothing."""
    facts = (
        site.name,
        site.language,
        sorted(site.parameters),
        survey.key,
        survey.scale.name,
        dict(survey.prompt),
        [asdict(category) for category in survey.categories],
        survey.open,
        asdict(survey.widget),
        survey.questions,
        fingerprint(survey.pack),
        wording_fingerprint(),
    )
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
