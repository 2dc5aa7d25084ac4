"""What everybody asks for is answered from the shelf, as Flask answered it, and not for longer than settings may be kept."""

import time
from dataclasses import replace

import pytest

from collector.app import create_app
from collector.surveys.actions import set_open
from collector.surveys.queries import surveys_of
from collector.widget.built import built
from tests.make import ORIGIN
from tests.servers.inside import running
from tests.servers.over_http import HttpClient


def plain(reply) -> tuple[int, dict[str, str], bytes]:
    return reply.status_code, {name: value for name, value in reply.headers if name != "date"}, reply.data


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": ORIGIN},
        {"Accept-Encoding": "gzip, deflate, br"},
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/w/1/widget.js", "/w/1/{}.js", built().path("widget"), "/v1/sites/{}/survey", "/v1/sites/{}/survey?language=de"],
)
def test_the_second_answer_is_the_first(settings, database, site, path, headers):
    app = create_app(replace(settings, configuration_max_age=60), database)
    where = path.format(site.key)
    with running(app) as port:
        client = HttpClient(port)
        first, second = (plain(client.get(where, headers=headers)) for _ in range(2))
        assert first == second
        again = plain(client.get(where, headers={"If-None-Match": first[1]["etag"], **headers}))
        assert (again[0], again[2]) == (304, b"")
        assert app.test_client().get(where, headers=headers).data == first[2]
        client.close()


def test_one_origins_answer_is_not_given_to_another(settings, database, site):
    with running(create_app(replace(settings, configuration_max_age=60), database)) as port:
        client = HttpClient(port)
        where = f"/v1/sites/{site.key}/survey"
        statuses = [
            client.get(where, headers={"Origin": origin}).status_code for origin in (ORIGIN, "https://a.example") * 2
        ]
        assert statuses == [200, 403, 200, 403]
        scripts = [
            client.get(f"/w/1/{site.key}.js", headers={"Origin": origin}).data
            for origin in (ORIGIN, "https://a.example") * 2
        ]
        assert scripts[:2] == scripts[2:]
        assert len(scripts[1]) < 300 < len(scripts[0])
        client.close()


def test_a_change_is_seen_when_the_shelf_life_is_over(settings, database, site):
    with running(create_app(replace(settings, configuration_max_age=0.3), database)) as port:
        client = HttpClient(port)
        where = f"/v1/sites/{site.key}/survey"
        assert client.get(where).json["open"] is True
        assert "is closed" not in client.get(f"/w/1/{site.key}.js").text
        with database.writing() as tx:
            set_open(tx, surveys_of(tx, site.id)[0], False)
        until = time.monotonic() + 60
        while client.get(where).json["open"] or "is closed" not in client.get(f"/w/1/{site.key}.js").text:
            assert time.monotonic() < until
        client.close()
