"""Incoming webhooks: what is posted, that no visitor's words do anything there, and when a shut door is left alone."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from collector.notices.notice import Item, Notice, cut
from collector.notices.outcome import in_words, of_answer
from collector.notices.pace import MOST_REFUSALS
from collector.notices.rule import Wanted, inbox_query, sentence, shortened
from collector.notices.signature import signed_headers, signing_secret
from collector.notices.ways import BODIES
from collector.outbound.client import Answer
from tests.conftest import on_sqlite
from tests.notices.conftest import KEY, ROOT, Team
from tests.servers.hook import Hook

ITEM = Item(
    number=7,
    score=8,
    segment="passive",
    category="Price",
    site="Shop",
    page="https://shop.example/checkout",
    words="Too dear.",
    at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    link=f"{ROOT}/responses/7",
)
NOTICE = Notice("msg_1", "Prices", (ITEM,), 23, f"{ROOT}/inbox?segment=passive&category=price")

#: What visitors may write to call people, to lead them elsewhere, or to look like us.
HOSTILE = (
    "<!channel> <!here|here> <@U012AB3CD> <#C024BE7LR> <https://evil.example|Open the inbox>",
    "@channel @all @here @everyone @owner",
    "http://evil.example/login https://evil.example www.evil.example",
    "*bold* _it_ ~gone~ `code` ```block``` # Title > quote :boom: ~town-square",
    "[Open the inbox](https://evil.example) ![](https://evil.example/pixel.png) <b>x</b> | a | b |",
    "<at>Ann</at> {{user}} ${x} &lt;!channel&gt; &#60;!here&#62; \\@channel \\<!channel\\>",
)


def wordy(words: str) -> Notice:
    return replace(
        NOTICE, items=(replace(ITEM, words=words, page=f"https://shop.example/{words}", site=words),), rule=words
    )


def texts(value: Any) -> list[str]:
    """Every text in a body, however deep, but for the names of fields and what is chosen by us."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name not in ("type", "url") for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("words", HOSTILE)
def test_slack_shows_words_and_obeys_none(words: str):
    body = BODIES["slack"](wordy(words))
    assert {block["text"]["verbatim"] for block in body["blocks"]} == {True}
    for text in texts(body):
        # Whatever is left between angle brackets is a link of ours, with a text that opens nothing.
        ours = re.sub(rf"<{re.escape(ROOT)}/[\w/?=&;]+\|[^<>]*>", "", text)
        assert not re.search(r"[<>]", ours.replace("\n> ", "\n")), text
        assert not re.search(r"[@#]\w|:/", text.replace(ROOT, "")), text


@pytest.mark.parametrize("words", HOSTILE)
def test_mattermost_shows_words_and_obeys_none(words: str):
    text = str(BODIES["mattermost"](wordy(words))["text"])
    assert not re.search(r"[@:~]\w|:/|www\.", text.replace(ROOT, ""))
    ours = re.sub(r"\\[\\`*_{}\[\]()#+.!|<>~$^=&-]", "", text)
    for link in (f"({NOTICE.link})", f"({ROOT}/responses/7)"):
        assert link in ours
        ours = ours.replace(link, "")
    assert not re.search(r"[<`(!|]", ours)
    assert ours.count("[") == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_teams_shows_words_in_runs_that_know_no_markdown(words: str):
    card = BODIES["teams"](wordy(words))["attachments"][0]["content"]

    def blocks(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return [one for inner in value for one in blocks(inner)]
        return [value, *[one for inner in value.values() for one in blocks(inner)]] if isinstance(value, dict) else []

    kinds = {one["type"] for one in blocks(card) if "type" in one}
    assert kinds == {"AdaptiveCard", "Container", "RichTextBlock", "TextRun", "Action.OpenUrl"}
    assert "entities" not in card["msteams"]
    assert {one["url"] for one in blocks(card) if "url" in one} == {NOTICE.link, ITEM.link}
    assert any(one.get("text") == words for one in blocks(card))


@pytest.mark.parametrize("way", BODIES)
def test_every_way_tells_the_same_and_stays_small(way: str):
    many = replace(
        NOTICE, items=tuple(replace(ITEM, words="ш" * 200, page="https://s.example/" + "x" * 182) for _ in range(10))
    )
    body = json.dumps(BODIES[way](many), ensure_ascii=False).encode()
    assert len(body) < 28_000  # what Teams takes
    plain = body.decode().replace("\u200b", "")
    assert ("Prices" in plain, "23" in plain, "/inbox?segment=passive&" in plain) == (True, True, True)
    without = replace(NOTICE, link=None, items=(replace(ITEM, link=None, words="", page=None, category=None),), more=0)
    assert ROOT not in json.dumps(BODIES[way](without))


def test_words_are_cut_to_one_line_of_two_hundred_signs():
    assert cut("a\n\n b\tc") == "a b c"
    assert cut("x" * 200) == "x" * 200
    assert cut("word " * 50) == "word " * 39 + "word…"


@on_sqlite
def test_what_is_posted_arrives_as_json_with_the_words_that_were_said(here: Team):
    with Hook() as hook:
        rules = [here.rule(way, address=f"http://127.0.0.1:{hook.port}/T0/{way}", gather=0) for way in BODIES]
        here.says(1, comment="Too dear, 50 € “each”.", category="price", score=7)
        here.work()
    assert sorted(asked.path for asked in hook.asked) == sorted(f"/T0/{way}" for way in BODIES)
    for asked in hook.asked:
        assert asked.headers["Content-Type"] == "application/json"
        told = " ".join(texts(json.loads(asked.body))).replace("\u200b", "").replace("\\", "")
        assert "Too dear, 50 € “each”." in told
    assert [(one.state, one.result) for rule in rules for one in here.told(rule)] == [("told", "200")] * len(BODIES)


@on_sqlite
def test_a_program_can_check_that_it_was_us_and_that_a_repeat_is_one(here: Team):
    with Hook(500) as hook:
        address = f"http://127.0.0.1:{hook.port}/"
        rule = here.rule("webhook", address=address, gather=0)
        here.says(1, category="price")
        here.work()
        here.work(timedelta(seconds=10))
        here.says(2, category="price")
        here.work(timedelta(minutes=10), replace(here.outward(), key=b"another key\n" + KEY))
    first, second, both = hook.asked
    secret = base64.b64decode(signing_secret(KEY, rule, address).removeprefix("whsec_"))
    assert len(secret) == 32
    for asked in (first, second):
        told = {name.lower(): value for name, value in asked.headers.items()}
        content = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + asked.body
        wanted = base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
        assert told["webhook-signature"] == f"v1,{wanted}"
    signatures = both.headers["webhook-signature"].split(" ")
    content = f"{both.headers['webhook-id']}.{both.headers['webhook-timestamp']}.".encode() + both.body
    assert len(signatures) == 2
    assert f"v1,{base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()}" == signatures[1]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 10
    body = json.loads(second.body)
    assert (body["type"], body["data"]["rule"], body["data"]["count"]) == ("notice.told", "Watch", 1)
    assert body["data"]["responses"][0]["link"].startswith(f"{ROOT}/responses/")


def test_a98_the_signature_is_that_of_the_specification():
    # The example of Standard Webhooks' own verifiers.
    own, other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signing_secret(KEY, 1, "https://a.example/")
    message = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    made = signed_headers([own], *message)["webhook-signature"]
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    both = signed_headers([other, own], *message)["webhook-signature"].split(" ")
    assert (len(both), both[1]) == (2, made)


def test_a97_another_address_has_another_secret():
    secrets = {
        signing_secret(KEY, rule, address)
        for rule in (1, 2)
        for address in ("https://a.example/", "https://b.example/")
    }
    assert len(secrets) == 4


@on_sqlite
def test_a_door_that_nobody_opens_is_left_alone_and_the_rule_says_so(here: Team):
    with Hook(*[404] * 20) as hook:
        rule = here.rule("slack", address=f"http://127.0.0.1:{hook.port}/", gather=0)
        here.says(1)
        for _ in range(4):
            here.work(timedelta(minutes=10))
        assert here.kept(rule).off is None
        for _ in range(10):
            here.work(timedelta(hours=1))
            here.says(len(hook.asked) + 1)
        assert len(hook.asked) == MOST_REFUSALS
    assert here.kept(rule).off == "gone"
    assert (here.told(rule)[-1].state, here.told(rule)[-1].result) == ("refused", "404")


@on_sqlite
def test_a_door_that_opens_again_is_forgiven(here: Team):
    answers = [404, 404, 404, 404, 200] * 2
    with Hook(*answers) as hook:
        rule = here.rule("slack", address=f"http://127.0.0.1:{hook.port}/", gather=0)
        for number in (1, 2):
            here.says(number)
            for _ in range(6):
                here.work(timedelta(hours=1))
    assert here.kept(rule).off is None
    assert [one.state for one in here.told(rule)] == ["told", "told"]


@on_sqlite
@pytest.mark.parametrize(("status", "tries"), [(400, 1), (302, 1), (503, 2)])
def test_only_what_may_be_taken_later_is_sent_again(here: Team, status: int, tries: int):
    with Hook(status) as hook:
        rule = here.rule("mattermost", address=f"http://127.0.0.1:{hook.port}/", gather=0)
        here.says(1)
        here.work()
        here.work(timedelta(minutes=1))
        assert len(hook.asked) == tries
    assert here.told(rule)[0].state == ("told" if tries == 2 else "refused")


@on_sqlite
def test_a88_an_address_that_leads_inside_is_not_called_even_if_it_was_kept(here: Team):
    rule = here.rule("slack", address="https://10.0.0.1/hook", gather=0)
    here.says(1)
    here.work()
    assert [(one.state, one.result) for one in here.told(rule)] == [("refused", "refused")]


FATES = {
    "told": [200, 204],
    "again": [408, 429, 500, 503, "late", "name", "connect", "tls", "broken"],
    "gone": [404, 410],
    "refused": [301, 400, 401, 403, 413, 418, "refused"],
}


@pytest.mark.parametrize(("said", "fate"), [(said, fate) for fate, all_said in FATES.items() for said in all_said])
def test_every_answer_means_something_and_has_a_sentence(said: int | str, fate: str):
    result = of_answer(Answer(said) if isinstance(said, int) else Answer(fault=said))  # type: ignore[arg-type]  # one of them
    assert result.fate == fate
    assert in_words(result.code).endswith(".")


def test_a_rule_reads_as_a_sentence_and_its_address_is_no_secret_there():
    address = "https://hooks.slack.com/services/T0000000/B0000000/abcdefghijklmnopqrstx9Qf"
    assert shortened(address) == "hooks.slack.com/…x9Qf"
    assert shortened("https://chat.example.com:8065/hooks?x=secret") == "chat.example.com:8065"
    wanted = Wanted("Prices", "slack", segment="passive", category="price", page="/checkout*", commented=True)
    assert (
        sentence(wanted, "Shop", "Price", "Slack")
        == "When a Passive with words comes in about Price on /checkout* at Shop, tell Slack."
    )
    assert sentence(Wanted("All", "email"), None, None, "Ann") == "When a response comes in, tell Ann."


def test_the_link_to_the_inbox_shows_no_less_than_the_rule():
    wanted = Wanted("Prices", "slack", site=1, segment="passive", category="price", page="/checkout/*/pay")
    named = dict(parse_qsl(inbox_query(wanted, "site_1")))
    assert named.pop("page", "/checkout/") == "/checkout/"
    assert named == {"site": "site_1", "segment": "passive", "category": "price"}
    assert inbox_query(Wanted("All", "slack", page="*pay"), None) == ""
