"""The script as it was built from `widget/`: the core, and one file for each part that not every survey needs. They are
part of the program and read once."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: The part of a path before the file's name; the number changes when tags that are out there would no longer work.
FOLDER = "/w/1"
#: The script for all sites, and the one that a site's own is made from.
CORE = "widget"
SITE = "site"


@dataclass(frozen=True, slots=True)
class Built:
    """The files' texts by name, the core and the parts alike, without the ending."""

    texts: Mapping[str, str]

    def path(self, name: str) -> str:
        """Where the file lies as long as it is this one: its address holds a hash of it."""
        return f"{FOLDER}/{name}.{self.digest(name)}.js"

    def digest(self, name: str) -> str:
        """The hash in a file's address: 16 signs of hexadecimal, which mark a state and guard nothing."""
        return hashlib.sha256(self.texts[name].encode()).hexdigest()[:16]

    def integrity(self, name: str) -> str:
        """What a tag's `integrity` says of the file (Subresource Integrity, section 3.5)."""
        return f"sha384-{b64encode(hashlib.sha384(self.texts[name].encode()).digest()).decode()}"


@cache
def built() -> Built:
    """The committed build."""
    folder = files("collector").joinpath("static", "widget")
    scripts = [file for file in folder.iterdir() if file.name.endswith(".js")]
    return Built({file.name.removesuffix(".js"): file.read_bytes().decode() for file in scripts})
