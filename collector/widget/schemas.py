"""The wire of the form's settings."""

from typing import Any

from marshmallow import RAISE, Schema, fields, post_dump, validate

from collector.contacts.consent import sentences, version_of
from collector.intake.snapshot import Snapshot
from collector.surveys.settings import settings_for
from collector.surveys.survey import Survey
from collector.surveys.widget import DRAWINGS, LAUNCHERS, POSITIONS, THEMES
from collector.surveys.wording import wording
from collector.widget.built import Built
from collector.widget.script import parts_told


class SettingsQuerySchema(Schema):
    """In which language."""

    class Meta:
        unknown = RAISE

    language = fields.String(
        load_default=None, validate=validate.Length(max=35), metadata={"description": "Wanted language, such as de-AT."}
    )


class ShownScaleSchema(Schema):
    """The scale."""

    name = fields.String(required=True)
    lowest = fields.Integer(required=True)
    highest = fields.Integer(required=True)
    lowest_label = fields.String(required=True)
    highest_label = fields.String(required=True)


class ShownCategorySchema(Schema):
    """A category."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    hint = fields.String(required=True)


class AccentSchema(Schema):
    """The owner's colour on light and dark ground, and the text's on it, contrast seen to."""

    light = fields.String(required=True)
    dark = fields.String(required=True)
    on_light = fields.String(required=True)
    on_dark = fields.String(required=True)


class ShownLookSchema(Schema):
    """How the form comes up and looks."""

    launcher = fields.String(required=True, validate=validate.OneOf(LAUNCHERS))
    position = fields.String(required=True, validate=validate.OneOf(POSITIONS))
    theme = fields.String(required=True, validate=validate.OneOf(THEMES))
    accent = fields.Nested(
        AccentSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Without one, the form has its own colour."},
    )
    scale = fields.String(
        required=True,
        validate=validate.OneOf(DRAWINGS),
        metadata={"description": "How a score is drawn; stars and faces have five steps."},
    )


class SettingsSchema(Schema):
    """All that a widget needs to show the form."""

    survey = fields.String(required=True)
    version = fields.String(required=True, metadata={"description": "Changes when anything about the survey does."})
    open = fields.Boolean(required=True)
    language = fields.String(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(["ltr", "rtl"]))
    site = fields.String(required=True)
    scale = fields.Nested(ShownScaleSchema, required=True)
    prompt = fields.String(required=True)
    categories = fields.List(fields.Nested(ShownCategorySchema), required=True)
    look = fields.Nested(ShownLookSchema, required=True)
    keep_partial = fields.Boolean(
        required=True, metadata={"description": "Whether a score that was picked and never sent is kept."}
    )
    contact = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "How to ask for an address; null where none is asked for."},
    )
    when = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "The rules by which the form comes up unasked; null where it does not."},
    )
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Scripts beside the core that the form may need: name, and path on this collector."},
    )
    text = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Words of the interface; empty in English, which the widget carries itself."},
    )
    faces = fields.List(
        fields.String(), metadata={"description": "Names of drawn steps, worst first; only where they are drawn."}
    )

    @post_dump
    def _without_faces(self, value: dict[str, Any], **_: Any) -> dict[str, Any]:
        return value if value["faces"] else {name: part for name, part in value.items() if name != "faces"}


#: A schema copies all its fields when it is made; it keeps nothing between calls.
_SETTINGS = SettingsSchema()


def settings_value(
    snapshot: Snapshot, survey: Survey, wanted: str | None, built: Built, channels: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What a widget is told of a survey, as JSON, in the best language for `wanted`. `channels` are the ways out to a person
    that are configured; without one, no address is asked for."""
    site = snapshot.site
    settings = settings_for(survey, snapshot.versions[survey.key], site.name, site.language, wanted)
    said: dict[str, Any] = _SETTINGS.dump(settings)
    contact = None
    if survey.widget.contact and channels:
        own = survey.widget.consent.get(settings.language, {})
        shown = sentences(wording(settings.language).contact, site.name, own)
        contact = {"channels": list(channels), "version": version_of(shown), "consent": shown}
    return {**said, "contact": contact, "parts": {name: built.path(name) for name in parts_told(survey.widget)}}
