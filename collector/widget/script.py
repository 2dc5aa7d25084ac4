"""One site's own script, put together from the core, the parts that its survey needs, and its settings."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from collector.surveys.widget import WidgetSettings
from collector.surveys.wording import other_tags

#: Stands in the core exactly once, where it looks for what was baked into it.
_PLACE = '"lukewarm:baked"'
_EXPORT = "export default "
#: A member's name that needs no quotes in JavaScript.
_BARE = re.compile(r"[A-Za-z_]\w*", re.ASCII)

#: Parts that are not needed before the form has been opened.
_LATER = ("after", "contact")
#: What only the tag of a page may ask for. The script then asks under a hash that is none, which leads to today's file, so that
#: the others need not carry its address.
_BY_TAG = ("inline",)
#: What no script reads of the settings, and what it takes where they say nothing.
_UNREAD = ("open", "version", "site")
_TAKEN = {"direction": "ltr", "keep_partial": True, "when": None, "contact": None, "text": {}, "look": {}}
_LOOK = {"launcher": "button", "position": "right", "theme": "auto", "accent": None, "scale": "numbers"}


def parts_needed(settings: WidgetSettings) -> tuple[str, ...]:
    """The parts without which a survey with these settings cannot do what its owner wants. What follows the form is needed
    by every survey, and is a part because it is fetched while a visitor is still writing."""
    needed = {
        "after": True,
        "when": settings.when is not None,
        "scales": settings.look.scale != "numbers",
        "contact": settings.contact,
        "inline": settings.look.launcher in ("tab", "element", "inline"),
    }
    return tuple(name for name, is_needed in needed.items() if is_needed)


def parts_baked(settings: WidgetSettings, languages: int, *, whole: bool) -> tuple[str, ...]:
    """The parts in a site's own script: those that a page may need before somebody has opened the form. What follows it is
    among them only where the form comes up by itself, for nothing is asked of the collector while a page loads, or where
    the script has to be `whole`, for a page that may not load another."""
    at_once = whole or settings.when is not None or settings.look.launcher == "inline"
    needed = [name for name in parts_needed(settings) if at_once or name not in _LATER]
    if settings.look.accent:
        needed.append("accent")
    if languages > 1:
        needed.append("languages")
    return tuple(needed)


def parts_told(settings: WidgetSettings) -> tuple[str, ...]:
    """The parts whose addresses a page has to know: those that the survey needs, and the one that a page's own tag may ask
    for (`data-launcher`)."""
    return tuple(dict.fromkeys((*parts_needed(settings), "inline")))


def baked(core: str, site: str, base: str | None, surveys: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    """The core with everything that it would otherwise have to ask for. `base` is the collector's address, `None` for
    wherever the script comes from; `surveys` holds settings by language, the language for everybody else first; `parts`
    the parts' texts by name. Raises `ValueError` when the core has no place for it, or a part is not one expression."""
    if core.count(_PLACE) != 1:
        raise ValueError(f"the core holds {_PLACE} {core.count(_PLACE)} times")
    members = [f"site:{for_script(site)}", f"surveys:{_by_tag(surveys)}"]
    if base is not None:
        members.append(f"base:{for_script(base)}")
    members.append(f"parts:{{{','.join(f'{_name(name)}:{_expression(text)}' for name, text in parts.items())}}}")
    return core.replace(_PLACE, f"{{{','.join(members)}}}")


def brief(settings: Mapping[str, Any], parts: Collection[str]) -> dict[str, Any]:
    """Settings without what the script does not read, or takes anyway; of the addresses of parts, those of `parts` are left
    out, for they are there, and that of a part which hardly any page asks for."""
    look = {name: value for name, value in settings["look"].items() if value != _LOOK.get(name, _UNREAD)}
    scale = {name: value for name, value in settings["scale"].items() if name != "name"}
    others = {name: path for name, path in settings["parts"].items() if name not in (*parts, *_BY_TAG)}
    said = {**settings, "look": look, "scale": scale, "parts": others}
    return {name: value for name, value in said.items() if name not in _UNREAD and value != _TAKEN.get(name, _UNREAD)}


def silent(reason: str) -> str:
    """A script for a page on which nothing is to be asked: it says why in the console, and from where. Calls of `lukewarm`
    stay harmless."""
    said = for_script(f"lukewarm: {reason}")
    harmless = 'typeof window.lukewarm=="function"||(window.lukewarm=function(){});'
    return f"{harmless}console.warn({said},location.origin);\n"


def for_script(value: Any) -> str:
    """JSON that may stand in a script, in a file or in a page: nothing in it ends the script or a line of it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def literal(value: Any) -> str:
    """What `for_script` writes, smaller: names without quotes where they need none. For JavaScript, no longer JSON."""
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_name(name)}:{literal(part)}' for name, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(literal, value))}]"
    return for_script(value)


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else for_script(name)


def _by_tag(surveys: Mapping[str, Any]) -> str:
    """The settings by language; other tags for a language lead to the same object, which would be large twice."""
    members = [f"{_name(language)}:{literal(settings)}" for language, settings in surveys.items()]
    members += [
        f"get {_name(tag)}(){{return this[{for_script(language)}]}}"
        for language in surveys
        for tag in other_tags(language)
    ]
    return f"{{{','.join(members)}}}"


def _expression(part: str) -> str:
    text = part.strip().removesuffix(";")
    if not text.startswith(_EXPORT):
        raise ValueError(f"a part begins with {_EXPORT!r}")
    return f"({text.removeprefix(_EXPORT)})"
