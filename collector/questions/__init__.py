"""Which question comes next. The packs are data, one TOML file an industry, in `packs/`; `INDUSTRIES` is the whole list."""

import tomllib
from functools import cache
from importlib.resources import files

from collector.questions.pack import Pack, read_pack

#: Industry of a site -> what it is called. The neutral pack stands behind every other one.
INDUSTRIES: dict[str, str] = {
    "neutral": "Any site",
    "saas": "Software as a service",
    "ecommerce": "Shop",
    "documentation": "Documentation",
    "media": "Media and publishing",
    "finance": "Finance and insurance",
    "healthcare": "Healthcare",
    "travel": "Travel and hospitality",
    "public-sector": "Public sector",
}


@cache
def pack(industry: str) -> Pack:
    """The pack of an industry. It is part of the program, like its code, and is read once."""
    return read_pack(
        tomllib.loads(files("collector.questions").joinpath("packs", f"{industry}.toml").read_text("utf-8"))
    )


def packs_for(industry: str) -> tuple[Pack, ...]:
    """The packs that a site of this industry chooses from, in order of preference."""
    return (pack("neutral"),) if industry == "neutral" else (pack(industry), pack("neutral"))
