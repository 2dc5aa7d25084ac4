"""The tag that a site owner pastes, in its variants."""

import html
import json
from collections.abc import Mapping
from typing import Any

from collector.widget.built import CORE, FOLDER, Built


def site_tag(root: str, key: str, *, whole: bool = False) -> str:
    """The tag of the site's own script, which brings the survey's settings along, or the `whole` of it, with what would else
    be fetched when somebody opens the form. `root` is the collector's address."""
    return _tag({"src": f"{root}{FOLDER}/{key}{'.whole' if whole else ''}.js"})


def shared_tag(root: str, key: str, *, pinned: Built | None = None, settings: Mapping[str, Any] | None = None) -> str:
    """The tag of the script that all sites share. `pinned` ties it to the bytes of this build, `settings` gives it the
    survey's settings, which it would ask the collector for otherwise."""
    attributes = {"src": f"{root}{pinned.path(CORE) if pinned else f'{FOLDER}/{CORE}.js'}"}
    if pinned:
        attributes["integrity"] = pinned.integrity(CORE)
    attributes["data-site"] = key
    if settings is not None:
        attributes["data-settings"] = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return _tag(attributes)


def _tag(attributes: Mapping[str, str]) -> str:
    return f"<script async crossorigin {' '.join(f'{name}={_quoted(value)}' for name, value in attributes.items())}></script>"


def _quoted(value: str) -> str:
    # JSON is full of double quotes, each of which would take six signs between double quotes.
    if '"' not in value:
        return f'"{html.escape(value, quote=False)}"'
    return f"'{html.escape(value, quote=False).replace(chr(39), '&#39;')}'"
