"""The owner's settings of the widget, as they are written down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from collector.problems import Fault, ValidationFailed
from collector.surveys.appearance import colour, written
from collector.surveys.own_consent import read_consents
from collector.surveys.targeting import parse
from collector.surveys.widget import DRAWINGS, LAUNCHERS, POSITIONS, THEMES, Look, WidgetSettings
from collector.surveys.wording import LANGUAGES
from collector.web.body import load

_DEFAULT = Look()
_MESSAGES = {"unknown": "There is no such setting.", "type": "This is one object."}


def _one_of(known: Sequence[str]) -> validate.OneOf:
    return validate.OneOf(known, error=f"This is one of {', '.join(known)}.")


class AccentField(fields.String):
    """A colour, kept as `#rrggbb`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return written(colour(text or ""))
        except ValidationFailed as problem:
            raise ValidationError([fault.detail for fault in problem.faults]) from None


class LookSchema(Schema):
    """What the visitor sees."""

    class Meta:
        unknown = RAISE

    error_messages = _MESSAGES
    launcher = fields.String(load_default=_DEFAULT.launcher, validate=_one_of(LAUNCHERS))
    position = fields.String(load_default=_DEFAULT.position, validate=_one_of(POSITIONS))
    theme = fields.String(load_default=_DEFAULT.theme, validate=_one_of(THEMES))
    accent = AccentField(load_default=None, allow_none=True)
    scale = fields.String(load_default=_DEFAULT.scale, validate=_one_of(DRAWINGS))

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Look:
        return Look(**data)


class WidgetSettingsSchema(Schema):
    """All settings of the widget."""

    class Meta:
        unknown = RAISE

    error_messages = _MESSAGES
    look = fields.Nested(LookSchema, load_default=Look)
    keep_partial = fields.Boolean(load_default=True)
    contact = fields.Boolean(load_default=False)
    consent = fields.Raw(load_default=dict)
    when = fields.Raw(load_default=None, allow_none=True)
    languages = fields.List(fields.String(validate=_one_of(LANGUAGES)), load_default=list)

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "languages": tuple(dict.fromkeys(data["languages"]))}


def read_widget_settings(value: Any) -> WidgetSettings:
    """The settings that `value` says, defaults where it says nothing. Raises `ValidationFailed` with a pointer for every
    fault."""
    faults: list[Fault] = []
    settings = WidgetSettings()
    when, consent = settings.when, settings.consent
    try:
        settings = load(WidgetSettingsSchema(), value, WidgetSettings)
    except ValidationFailed as problem:
        faults += problem.faults
    given = value if isinstance(value, dict) else {}
    try:
        when = None if given.get("when") is None else parse(given["when"], "/when").as_settings()
    except ValidationFailed as problem:
        faults += problem.faults
    try:
        consent = read_consents(given.get("consent", {}), "/consent")
    except ValidationFailed as problem:
        faults += problem.faults
    if faults:
        raise ValidationFailed(faults=faults)
    return replace(settings, when=when, consent=consent)
