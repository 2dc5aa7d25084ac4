"""The list: what is on it, in which order, and how it is narrowed and walked."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from collector.db import Database
from collector.inbox import pages, queries
from collector.inbox.asking import asking, chips
from collector.inbox.place import Place, place_from
from collector.inbox.queries import Asked, count, places
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from collector.responses.queries import narrowed
from collector.responses.search import excerpt
from collector.sites.actions import delete_site
from collector.sites.queries import sites_of
from tests.conftest import on_postgresql, on_sqlite
from tests.inbox.conftest import Inbox, way
from tests.make import NOW, make_site


def test_a_line_says_it_at_a_glance(inbox: Inbox):
    receipt = inbox.say(
        1, score=8, comment="The <b>prices</b> moved", category="price", page="https://shop.example/checkout?x=1"
    )
    inbox.answer(receipt, "A yearly plan")
    inbox.say(2, score=3, partial=True, category="bug")
    page = inbox.look().text
    first, second = page.split('<li class="line">')[1:]
    assert "No comment" in first
    assert "Unfinished" in first
    assert "<span>Something is broken</span>" in first
    assert '<option value="bug">Something is broken</option>' in page
    for part in (
        'class="score passive"',
        "The &lt;b&gt;prices&lt;/b&gt; moved",
        "Price",
        "/checkout",
        "A yearly plan",
        "Answered",
    ):
        assert part in second, part
    assert "2 responses" in page
    assert "Shop" not in second, "one site needs no name"


@on_sqlite
def test_nothing_yet_teaches_and_nothing_found_says_how_to_go_on(inbox: Inbox):
    assert "Nobody has said anything yet" in inbox.look().text
    inbox.say(1)
    assert "Take a filter off" in inbox.look("segment=promoter").text


@on_sqlite
def test_a_team_without_a_site_is_led_to_its_first(inbox: Inbox, database: Database):
    with database.writing() as tx:
        delete_site(tx, inbox.site, inbox.clock())
    assert "There is no site yet" in inbox.look().text


def test_what_was_erased_is_not_there(inbox: Inbox):
    receipt = inbox.say(1, comment="Gone")
    inbox.say(2, comment="Here")
    inbox.erase(receipt)
    assert inbox.comments() == ["Here"]
    assert "1 response" in inbox.look().text
    with inbox.database.reading() as tx:
        erased = tx.scalar(select(ResponseRow.id).where(ResponseRow.erased_at.is_not(None)))
    assert inbox.viewer.get(f"/responses/{erased}").status_code == 404


def test_what_came_to_a_site_that_was_deleted_is_not_there(inbox: Inbox, database: Database):
    with database.writing() as tx:
        docs = make_site(tx, name="Docs", origins=("https://docs.example",))
    inbox.say(1, comment="Gone soon", site=docs)
    inbox.say(2, comment="Here soon")
    inbox.work()
    with database.writing() as tx:
        delete_site(tx, docs, inbox.clock())
    assert inbox.comments() == inbox.comments("text=soon") == ["Here soon"]
    assert docs.key not in inbox.look().text


@pytest.fixture
def varied(inbox: Inbox, database: Database) -> Inbox:
    """One response for each thing that can be narrowed by."""
    with database.writing() as tx:
        docs = make_site(tx, name="Docs", origins=("https://docs.example",))
    inbox.say(1, comment="alpha", score=9, category="bug", page="https://shop.example/checkout/pay")
    inbox.answer(inbox.say(2, comment="beta", score=8, category="price", language="de"), "gamma delta")
    inbox.say(3, comment="epsilon", score=2, language="de-AT", attributes={"plan": "pro"})
    inbox.say(4, comment="zeta", score=7, site=docs, page="https://docs.example/checkout")
    inbox.say(5, comment="eta", score=8, seconds=0.01)
    inbox.say(6, score=6, partial=True)
    inbox.work()
    return inbox


#: Query -> what the lines say, newest first.
NARROWED: dict[str, list[str]] = {
    "segment=passive": ["eta", "zeta", "beta", "gamma delta"],
    "segment=passive&category=price": ["beta", "gamma delta"],
    "category=bug": ["alpha"],
    "language=de": ["epsilon", "beta", "gamma delta"],
    "language=de-at": ["epsilon"],
    "page=/checkout": ["zeta", "alpha"],
    "page=/checkout/": ["alpha"],
    "page=https://docs.example/": ["zeta"],
    "page=/check%25": [],
    "page=/check_ut": [],
    "page=/Checkout": [],
    "page=https://docs.example": ["zeta"],
    "page=https://docs.example/check": ["zeta"],
    "page=http://docs.example/check": [],
    "attribute=plan:pro": ["epsilon"],
    "answered=yes": ["beta", "gamma delta"],
    "partial=yes": ["No comment"],
    "suspect=yes": ["eta"],
    "text=gam+bet": ["beta", "gamma delta"],
    "text=eta": ["eta"],
    "text=epsilon&segment=passive": [],
    "since=2026-11-22T09:05:00Z": ["No comment", "eta"],
    "until=2026-11-22T09:02:00Z": ["alpha"],
    "state=open": ["zeta", "beta", "gamma delta"],
    "state=none&segment=promoter": ["alpha"],
    "state=done": [],
    "overdue=yes": [],
    "owner=nobody": ["zeta", "beta", "gamma delta"],
    "nonsense=1&segment=": ["No comment", "eta", "zeta", "epsilon", "beta", "gamma delta", "alpha"],
}


def test_each_filter_leaves_what_it_means(varied: Inbox):
    assert {query: varied.comments(query) for query in NARROWED} == NARROWED


@pytest.mark.parametrize("whole", ["", "https://shop.example"])
def test_a_long_path_is_compared_to_its_end(inbox: Inbox, whole: str):
    long = f"/docs/{'x' * 120}"
    inbox.say(1, comment="here", page=f"https://shop.example{long}/here")
    inbox.say(2, comment="there", page=f"https://shop.example{long}/there")
    inbox.work()
    assert inbox.comments(f"page={whole}{long}/t") == ["there"]
    assert inbox.comments(f"page={whole}{long}") == ["there", "here"]


@on_postgresql
def test_what_hardly_anybody_says_is_found_however_far_back_it_lies(inbox: Inbox, database: Database):
    inbox.say(1, comment="A zebra crossed the checkout")
    with database.writing() as tx:
        tx.execute(text("select setval(pg_get_serial_sequence('response', 'id'), 500000)"))
    inbox.say(2, comment="The checkout is slow")
    inbox.say(3, comment="Another zebra at the checkout")
    inbox.work()
    assert inbox.comments("text=zebra") == ["Another zebra at the checkout", "A zebra crossed the checkout"]
    assert inbox.comments("text=slow") == ["The checkout is slow"]
    asked = asking({"text": "zebra checkout"}, NOW)
    with database.reading() as tx:
        team = tx.scalars(select(ResponseRow.team_id)).first()
        sites = tuple((site.id, site.key) for site in sites_of(tx, team))
        sought = Asked(team, sites, asked.wanted, asked.cases)
        newest, oldest = places(tx, sought, None, False, 5)
        assert places(tx, sought, newest, False, 5) == [oldest]
        assert places(tx, sought, oldest, True, 5) == [newest]
        assert tx.scalar(text("show enable_seqscan")) == "on"


def test_postgresql_has_an_index_for_the_pages_of_a_path(database: Database):
    if database.embedded:
        pytest.skip("SQLite has none: it looks through the addresses of a site one by one")
    with database.reading() as tx:
        meant = narrowed(tx, select(ResponseRow.id), Filter(page="/checkout"))
        tx.execute(text("set local enable_seqscan = off"))
        tx.execute(text("set local enable_indexscan = off"))
        statement = meant.compile(database.engine, compile_kwargs={"literal_binds": True})
        plan = "\n".join(tx.connection().exec_driver_sql(f"explain {statement}").scalars())
    assert "ix_response_site_id_path" in plan


def test_a_site_and_its_survey_are_filters_too(varied: Inbox):
    page = varied.look().text
    docs = re.search(r'value="(site_\w+)">Docs', page)
    survey = re.search(r'value="(sv_\w+)">Docs', page)
    assert docs is not None
    assert survey is not None
    assert varied.comments(f"site={docs[1]}") == ["zeta"]
    assert varied.comments(f"survey={survey[1]}") == ["zeta"]


def test_a_filter_that_cannot_be_is_said_at_its_field_and_kept(inbox: Inbox, database: Database):
    with database.writing() as tx:
        make_site(tx, name="Docs")
    wrong = "segment=warm page=nowhere since=yesterday text=%22 attribute=x tag=x owner=me survey=a%20b".split()
    for query in wrong:
        page, name = inbox.look(query, 422).text, query.split("=")[0]
        assert f'aria-describedby="wrong-{name}"' in page, query
        assert f'id="wrong-{name}"' in page, query


def test_chips_take_off_one_thing_each():
    asked = asking({"segment": "passive", "text": "slow", "answered": "no", "after": "1-1"}, NOW)
    found = chips(asked, {"segment": {"passive": "Passive"}})
    assert [(chip.words, chip.without) for chip in found] == [
        ("Passive", "answered=no&text=slow"),
        ("Not answered", "segment=passive&text=slow"),
        ("“slow”", "answered=no&segment=passive"),
    ]


def test_pages_are_walked_both_ways_and_meet_each_response_once(inbox: Inbox, many: int):
    inbox.work()
    for query in ("", "text=words"):
        seen: list[list[str]] = []
        following: str | None = query
        while following is not None:
            reply = inbox.look(following)
            assert f'hx-get="/inbox/count?{query}"' in reply.text
            seen.append(told(reply))
            following = way(reply, "next")
        assert [number for page in seen for number in page] == [str(n) for n in range(many, 0, -1)]
        assert len(seen) == 3
        assert f"{many} responses" in inbox.viewer.get(f"/inbox/count?{query}").text
        for page in (seen[1], seen[0]):
            back = way(reply, "prev")
            assert back is not None
            reply = inbox.look(back)
            assert told(reply) == page
    assert "responses" not in inbox.viewer.get("/inbox/count?segment=warm").text


def told(reply: TestResponse) -> list[str]:
    """The numbers in the comments of a page."""
    return re.findall(r"Words of (\d+)", re.sub("</?mark>", "", reply.text))


@pytest.fixture
def many(inbox: Inbox) -> int:
    """More responses than two pages hold, several of them of one moment; returns how many."""
    number_of = 2 * pages.LINES + 5
    for number in range(1, number_of + 1):
        inbox.say(number, comment=f"Words of {number}")
    with inbox.database.writing() as tx:
        tx.execute(update(ResponseRow).where(ResponseRow.id.between(30, 60)).values(received_at=NOW))
        tx.execute(update(ResponseRow).where(ResponseRow.id < 30).values(received_at=NOW.replace(year=2025)))
    return number_of


@on_sqlite
def test_a70_a_cursor_that_was_not_given_out_begins_at_the_top(inbox: Inbox):
    inbox.say(1, comment="Here")
    for cursor in ("", "x", "1", "1-", "-1", "1-1-1", "1-" + "9" * 30, "１-1", "1-1\n"):
        assert place_from(cursor) is None, cursor
        assert inbox.comments(urlencode({"after": cursor})) == ["Here"], cursor


def test_a_cursor_comes_back_as_the_place_that_it_is():
    place = Place(NOW.replace(microsecond=123_457), 42)
    assert place_from(place.cursor) == place


def test_sites_of_many_are_walked_together(inbox: Inbox, database: Database):
    with database.writing() as tx:
        others = [make_site(tx, name=f"Site {number}", origins=(f"https://s{number}.example",)) for number in range(60)]
    for number in (59, 3, 40):
        inbox.say(number, site=others[number], comment=f"From {number}")
    assert inbox.comments() == ["From 40", "From 3", "From 59"]


def test_counting_ends_somewhere(inbox: Inbox, database: Database):
    for number in range(1, 4):
        inbox.say(number)
    with database.reading() as tx:
        sites = tuple((one.id, one.key) for one in sites_of(tx, inbox.site.team))
        asked = Asked(inbox.site.team, sites, Filter(), asking({}, NOW).cases)
        assert count(tx, asked) == 3
        assert count(tx, asked, most=1) == 2
        assert places(tx, Asked(999, sites, Filter(), asked.cases), None, False, 9) == []
    assert queries.COUNTED == 10_000


def test_a69_a_statement_that_takes_too_long_is_ended(database: Database):
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    with pytest.raises(OperationalError), database.reading(within=0.05) as tx:
        tx.execute(text(endless))
    with database.reading() as tx:
        assert tx.scalar(text("select 1")) == 1


def test_other_teams_are_not_seen(inbox: Inbox, database: Database):
    with database.writing() as tx:
        theirs = make_site(tx, name="Theirs", team="Others")
    inbox.say(1, site=theirs, comment="Secret")
    inbox.work()
    assert inbox.comments() == []
    assert inbox.comments("text=secret") == []
    assert inbox.comments(f"site={theirs.key}") == []
    assert "Theirs" not in inbox.look().text
    with database.reading() as tx:
        number = tx.scalar(select(ResponseRow.id))
    assert inbox.viewer.get(f"/responses/{number}").status_code == 404


def test_views_are_ones_own_unless_shared(inbox: Inbox):
    save = {"query": "segment=passive&text=slow&after=1-1&case=made&x=1", "name": "  Slow   Passives "}
    assert inbox.analyst.post("/inbox/views", data=save).location == "/inbox?segment=passive&text=slow&done=saved"
    assert inbox.viewer.post("/inbox/views", data=save).status_code == 403
    page = inbox.analyst.get("/inbox?text=slow&segment=passive").text
    assert re.search(r'href="/inbox\?segment=passive&amp;text=slow" aria-current="page"[^>]*>Slow Passives<', page)
    assert "Slow Passives" not in inbox.look().text
    inbox.analyst.post("/inbox/views", data={"query": "segment=promoter", "name": "Fans", "shared": "yes"})
    shared = inbox.look("segment=promoter").text
    assert 'title="Shared by Analyst"' in shared
    assert "Delete this view" not in shared


@on_sqlite
def test_a_view_without_a_name_or_a_filter_is_not_saved(inbox: Inbox):
    for name, query in (("", "text=x1"), ("x" * 61, "text=x1"), ("All", "after=1-1")):
        location = inbox.analyst.post("/inbox/views", data={"name": name, "query": query}).location
        assert location.endswith("done=unsaved")
        assert "Not saved" in inbox.analyst.get(location).text


@on_sqlite
def test_only_ones_own_view_can_be_deleted(inbox: Inbox):
    inbox.analyst.post("/inbox/views", data={"query": "segment=promoter", "name": "Fans", "shared": "yes"})
    number = re.search(r"/inbox/views/(\d+)/delete", inbox.analyst.get("/inbox?segment=promoter").text)
    assert number is not None
    path = f"/inbox/views/{number[1]}/delete"
    assert inbox.viewer.post(path).status_code == 403
    assert inbox.analyst.post(path).location == "/inbox?done=deleted"
    assert inbox.analyst.post(path).status_code == 404


@on_sqlite
def test_who_may_act_gets_boxes_and_who_may_not_gets_none(inbox: Inbox):
    inbox.say(1, score=8)
    inbox.say(2, score=10)
    inbox.work()
    assert 'type="checkbox"' not in inbox.look().text.split('id="found"')[1]
    acting = inbox.analyst.get("/inbox").text
    assert re.search(r'name="chosen" value="\d+:0"', acting)
    assert re.search(r'name="responses" value="\d+"', acting)


@on_sqlite
def test_what_was_done_to_many_is_said_and_can_be_undone(inbox: Inbox):
    for number in (1, 2):
        inbox.say(number, score=8)
    inbox.work()
    page = inbox.analyst.get("/inbox?state=open").text
    form = {"back": "/inbox?state=open", "do": "close", "chosen": re.findall(r'name="chosen" value="([^"]+)"', page)}
    done = inbox.analyst.get(inbox.analyst.post("/cases/bulk", data=form).location).text
    assert "2 cases closed." in done
    press = re.search(r'action="(/cases/undo/\w+)"', done)
    assert press is not None
    undone = inbox.analyst.post(press[1], data={"back": "/inbox?state=open"}).location
    assert inbox.analyst.get(undone).text.count('class="line"') == 2


@on_sqlite
def test_a_page_is_compressed_for_whoever_takes_it(inbox: Inbox):
    plain = inbox.viewer.get("/inbox")
    pressed = inbox.viewer.get("/inbox", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert pressed.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in pressed.vary
    assert len(pressed.data) < len(plain.data) / 3


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("Nothing to see", ("price",), "Nothing to see"),
        ("The Gebühren rise", ("gebuhr",), "The [Gebühren] rise"),
        ("x " * 60 + "the price is high" + " y" * 60, ("price",), "the [price] is high"),
        ("価格が高い", ("格",), "価[格]が高い"),
    ],
)
def test_an_excerpt_shows_what_was_searched_for(text: str, words: tuple[str, ...], said: str):
    pieces = excerpt(text, words, 40)
    whole = "".join(f"[{part}]" if hit else part for part, hit in pieces)
    assert said in whole
    assert len(whole) <= 40 + 4


@on_sqlite
def test_pages_make_few_statements_however_much_is_on_them(inbox: Inbox):
    statements: list[str] = []
    event.listen(inbox.database.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    def needed(address: str) -> int:
        inbox.viewer.get(address)  # notes when the session was seen
        statements.clear()
        assert inbox.viewer.get(address).status_code == 200
        return sum(not one.startswith("BEGIN") for one in statements)

    for numbers in (range(1, 3), range(3, 33)):
        for number in numbers:
            inbox.say(number, score=number % 10, comment=f"Number {number}")
        inbox.work()
        # Eight for what stands around the lines, and two or three for these; the second response is no case.
        assert needed("/inbox") <= 11
        assert needed("/inbox?segment=passive&state=open&page=/somewhere") <= 11
        assert needed("/inbox?text=number") <= 11
        assert needed("/responses/2?segment=detractor") <= 11
