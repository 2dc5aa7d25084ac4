"""The tag in its variants, read back as a browser's parser does."""

import base64
import hashlib
import json
from html.parser import HTMLParser

import pytest

from collector.widget.built import built
from collector.widget.tag import shared_tag, site_tag
from tests.widget.test_script import WORDS

ROOT = "https://feedback.example"


class Tag(HTMLParser):
    """The attributes of the one tag in a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def attributes(text: str) -> dict[str, str | None]:
    [(name, found)] = Tag(text).found
    assert (name, Tag(text).words) == ("script", "")
    assert found.keys() >= {"async", "crossorigin", "src"}
    return {key: value for key, value in found.items() if key not in ("async", "crossorigin")}


def test_the_sites_own_script_needs_nothing_but_its_address():
    assert attributes(site_tag(ROOT, "site_x")) == {"src": f"{ROOT}/w/1/site_x.js"}
    assert attributes(site_tag(ROOT, "site_x", whole=True)) == {"src": f"{ROOT}/w/1/site_x.whole.js"}


def test_the_shared_script_is_told_the_site():
    assert attributes(shared_tag(ROOT, "site_x")) == {"src": f"{ROOT}/w/1/widget.js", "data-site": "site_x"}


def test_a_pinned_tag_names_the_bytes_that_lie_at_its_address(client):
    found = attributes(shared_tag("", "site_x", pinned=built()))
    digest = base64.b64encode(hashlib.sha384(client.get(found["src"]).data).digest()).decode()
    assert found["integrity"] == f"sha384-{digest}"


@pytest.mark.parametrize("words", WORDS)
def test_settings_in_a_tag_are_read_as_they_were_written(words):
    found = attributes(shared_tag(ROOT, "site_x", settings={"prompt": words, words: [1, None]}))
    assert json.loads(found["data-settings"] or "") == {"prompt": words, words: [1, None]}
