"""`accept` without a server: pure, and the same receipt as the door gives."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from collector.intake.accept import accept
from collector.intake.cache import GRACE, MOST_KEPT, SnapshotCache
from collector.intake.snapshot import Snapshot
from collector.intake.submission import Content, Submission, digest_of
from collector.problems import OriginNotAllowed, ValidationFailed
from collector.scales import SCALES
from collector.sites.site import Site
from collector.surveys import categories as rules
from collector.surveys.survey import Survey
from tests.make import NOW, ORIGIN

SITE = Site(1, 1, "site_x", "Shop", (ORIGIN,), "ecommerce", "en", frozenset())
SURVEY = Survey(1, 1, "sv_x", SCALES["nps"], {}, rules.default_categories(), "ecommerce", True)
SNAPSHOT = Snapshot(SITE, (SURVEY,), b"k" * 32)
CONTENT = Content(id=UUID(int=1), score=8, page=f"{ORIGIN}/", language="en")


def sent(**parts: object) -> Submission:
    return Submission(structs.replace(CONTENT, **parts), ORIGIN, NOW)


contents = st.builds(
    Content,
    id=st.uuids(),
    survey=st.sampled_from([None, "sv_x"]),
    score=st.integers(0, 10),
    category=st.sampled_from([None, *rules.DEFAULTS]),
    comment=st.text(max_size=300),
    page=st.sampled_from([None, f"{ORIGIN}/", f"{ORIGIN}/checkout?x=1"]),
    language=st.sampled_from([None, "en", "de-AT", "fi"]),
    attributes=st.sampled_from([(), (("plan", "pro"),), (("plan", "free"), ("seats", 2))]),
    partial=st.booleans(),
)


@given(contents)
def test_the_receipt_depends_on_submission_and_configuration_alone(content: Content):
    first, rows = accept(Submission(content, ORIGIN, NOW), SNAPSHOT)
    later, _ = accept(Submission(content, ORIGIN, NOW + timedelta(days=999)), Snapshot(SITE, (SURVEY,), b"k" * 32))
    assert first == later
    assert first.id == content.id
    assert rows.response.segment == SCALES["nps"].band(content.score).segment
    if content.partial:
        assert (first.follow_up, rows.follow_up) == (None, None)
        return
    assert rows.follow_up is not None
    assert (rows.follow_up.text, rows.follow_up.areas) == (first.follow_up.question, first.follow_up.areas)
    assert rows.follow_up.why


def test_sevens_and_eights_are_asked_differently():
    seven, eight = (accept(sent(score=score), SNAPSHOT)[0].follow_up for score in (7, 8))
    assert seven.question != eight.question
    assert seven.areas
    assert eight.areas


def test_every_fault_is_named_at_once():
    with pytest.raises(ValidationFailed) as caught:
        accept(sent(score=11, category="moon", page="https://evil.example/"), SNAPSHOT)
    assert [fault.pointer for fault in caught.value.faults] == ["/score", "/category", "/page"]


def test_no_origin_is_as_good_as_none():
    for origin in (None, "null", "https://evil.example"):
        with pytest.raises(OriginNotAllowed):
            accept(Submission(CONTENT, origin, NOW), SNAPSHOT)


@given(contents, contents)
def test_the_digest_tells_contents_apart(one: Content, other: Content):
    same = structs.replace(one, id=other.id) == other
    assert (digest_of(one) == digest_of(other)) is same


@pytest.mark.parametrize(
    "change",
    [
        {"site": replace(SITE, name="Other")},
        {"site": replace(SITE, language="de")},
        {"site": replace(SITE, parameters=frozenset({"plan"}))},
        {"surveys": (replace(SURVEY, prompt={"en": "Own"}),)},
        {"surveys": (replace(SURVEY, categories=rules.hide(SURVEY.categories, "bug")),)},
        {"surveys": (replace(SURVEY, pack="saas"),)},
        {"surveys": (replace(SURVEY, questions='{"question": []}'),)},
        {"surveys": (replace(SURVEY, open=False),)},
        {"surveys": (replace(SURVEY, scale=SCALES["csat"]),)},
    ],
)
def test_the_version_changes_with_whatever_a_receipt_or_the_form_depends_on(change: dict):
    parts = {"site": SITE, "surveys": (SURVEY,), "token_key": SNAPSHOT.token_key} | change
    assert Snapshot(**parts).versions != SNAPSHOT.versions


def test_a_snapshot_is_kept_for_its_time_and_no_longer():
    cache = SnapshotCache(2.0)
    loads = []

    def load() -> Snapshot:
        loads.append(1)
        return SNAPSHOT

    assert cache.get("k", 0.0, load) is SNAPSHOT
    cache.get("k", 1.99, load)
    assert len(loads) == 1
    cache.get("k", 2.0, load)
    assert len(loads) == 2


def test_made_up_keys_do_not_fill_the_memory():
    cache = SnapshotCache(60.0)
    for number in range(MOST_KEPT * 2):
        cache.get(f"k{number}", 0.0, lambda: SNAPSHOT)
        cache.get(f"nobody{number}", 0.0, lambda: None)
    assert len(cache._kept) == MOST_KEPT


def test_a_door_that_cannot_wait_gets_what_is_kept_and_sends_one_to_read_it_again():
    cache = SnapshotCache(2)
    assert cache.recent("a", 0) is None
    assert not cache.knows("a")
    cache.get("a", 0, lambda: SNAPSHOT)
    assert cache.recent("a", 1.9) is SNAPSHOT
    assert [cache.recent("a", 2 + tick) for tick in (0, 0.1, GRACE - 0.1)] == [None, SNAPSHOT, SNAPSHOT]
    assert cache.recent("a", 2 + GRACE) is None  # so that a change is effective within five seconds
    cache.get("a", 2 + GRACE, lambda: None)
    assert (cache.recent("a", 2 + GRACE), cache.knows("a")) == (None, False)


def test_a_site_is_known_when_nothing_is_kept_too():
    cache = SnapshotCache(0)
    cache.get("a", 0, lambda: SNAPSHOT)
    assert (cache.recent("a", 0), cache.knows("a"), cache.knows("b")) == (None, True, False)
