"""Files that never change while the process runs: two forms, two tags, and nothing sent twice."""

import gzip

import pytest

PATH = "/w/1/widget.js"


def get(client, coding: str | None, **headers: str):
    return client.get(PATH, headers=headers | ({"Accept-Encoding": coding} if coding is not None else {}))


@pytest.mark.parametrize("coding", ["gzip", "gzip, br", "br;q=1.0, gzip;q=0.8", "*", "GZIP"])
def test_a_caller_who_takes_gzip_gets_it(client, coding):
    packed, plain = get(client, coding), get(client, None)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize(
    "coding", [None, "", "identity", "gzip;q=0", "gzip;q=0, *", "br", "*;q=0", "deflate, gzip;q=0.0"]
)
def test_a_caller_who_does_not_gets_the_file_as_it_is(client, coding):
    reply = get(client, coding)
    assert "Content-Encoding" not in reply.headers
    assert int(reply.headers["Content-Length"]) == len(reply.data)


@pytest.mark.parametrize("coding", [None, "gzip"])
def test_a_caller_who_has_the_file_is_told_so(client, coding):
    tag = get(client, coding).headers["ETag"]
    for known in (tag, f'"x", {tag}', "*", f"W/{tag}"):
        again = get(client, coding, **{"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Vary"] == "Accept-Encoding"
        assert "Content-Type" not in again.headers
    assert get(client, coding, **{"If-None-Match": '"x"'}).status_code == 200


def test_the_two_forms_have_two_strong_tags(client):
    plain, packed = get(client, None), get(client, "gzip")
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert not plain.headers["ETag"].startswith("W/")
    assert get(client, "gzip", **{"If-None-Match": plain.headers["ETag"]}).status_code == 200
    assert all(reply.headers["Vary"] == "Accept-Encoding" for reply in (plain, packed))


@pytest.mark.parametrize("coding", [None, "gzip"])
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
