"""The wire of the form's settings."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from collector.surveys.settings import SurveySettings


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
    text = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Words of the interface; empty in English, which the widget carries itself."},
    )


def settings_value(settings: SurveySettings) -> Any:
    """The widget's settings as JSON."""
    return SettingsSchema().dump(settings)
