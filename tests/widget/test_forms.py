"""Files that never change while the process runs: in the form that the caller likes best, and nothing sent twice."""

import gzip

import brotli
import pytest

PATH = "/w/1/widget.js"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


def get(client, coding: str | None, **headers: str):
    return client.get(PATH, headers=headers | ({"Accept-Encoding": coding} if coding is not None else {}))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.8, gzip;q=1.0", "gzip"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0, *", "br"),
        ("*", "br"),
        ("*;q=0.1", "br"),
        ("*;q=0, gzip;q=0.001", "gzip"),
        ("GZIP", "gzip"),
        ("Br", "br"),
        ("identity;q=0.5, gzip;q=0.6", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
    ],
)
def test_a_caller_gets_the_form_that_it_likes_best(client, accepted, coding):
    packed, plain = get(client, accepted), get(client, None)
    assert packed.headers["Content-Encoding"] == coding
    assert len(packed.data) < len(plain.data)
    assert UNPACK[coding](packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize(
    "accepted",
    [
        None,
        "",
        "identity",
        "gzip;q=0",
        "br;q=0, gzip;q=0",
        "*;q=0",
        "deflate, gzip;q=0.0",
        "zstd",
        "identity, br;q=0.9",
    ],
)
def test_a_caller_who_likes_none_gets_the_file_as_it_is(client, accepted):
    reply = get(client, accepted)
    assert "Content-Encoding" not in reply.headers
    assert int(reply.headers["Content-Length"]) == len(reply.data)


@pytest.mark.parametrize("coding", [None, "br", "gzip"])
def test_a_caller_who_has_the_file_is_told_so(client, coding):
    tag = get(client, coding).headers["ETag"]
    for known in (tag, f'"x", {tag}', "*", f"W/{tag}"):
        again = get(client, coding, **{"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Vary"] == "Accept-Encoding"
        assert "Content-Type" not in again.headers
    assert get(client, coding, **{"If-None-Match": '"x"'}).status_code == 200


def test_the_forms_have_strong_tags_of_their_own(client):
    plain, packed, smaller = get(client, None), get(client, "gzip"), get(client, "br")
    assert len({reply.headers["ETag"] for reply in (plain, packed, smaller)}) == 3
    assert not plain.headers["ETag"].startswith("W/")
    assert get(client, "gzip", **{"If-None-Match": plain.headers["ETag"]}).status_code == 200
    assert all(reply.headers["Vary"] == "Accept-Encoding" for reply in (plain, packed, smaller))


@pytest.mark.parametrize("coding", [None, "br", "gzip"])
def test_a_look_without_the_file_says_the_same_of_it(client, coding):
    whole = get(client, coding)
    look = client.head(PATH, headers={"Accept-Encoding": coding} if coding else {})
    assert (look.status_code, look.data) == (200, b"")
    assert {name: value for name, value in look.headers if name != "Date"} == {
        name: value for name, value in whole.headers if name != "Date"
    }


def test_settings_change_their_tag_with_their_content(client, site):
    path = f"/v1/sites/{site.key}/survey"
    english, german = client.get(path), client.get(f"{path}?language=de")
    assert english.headers["ETag"] != german.headers["ETag"]
    tag = {"If-None-Match": english.headers["ETag"]}
    assert (client.get(path, headers=tag).status_code, client.get(f"{path}?language=de", headers=tag).status_code) == (
        304,
        200,
    )
