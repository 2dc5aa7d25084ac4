"""The list, the filter for other lists, tags and rules."""

from datetime import timedelta

from sqlalchemy import select

from collector.accounts.models import ChangeRow
from collector.cases.board.queries import lines, overdue
from collector.cases.filters import CaseFilter
from collector.cases.queries import counted_tags, narrowed, tags
from collector.exports.columns import values
from collector.exports.formats.csv import write_csv
from collector.exports.queries import exported_responses
from collector.responses.filters import Filter
from collector.responses.models import ResponseRow
from tests.cases.conftest import Team
from tests.conftest import on_sqlite


def test_every_view_shows_what_its_name_says(team: Team):
    for number, words in ((1, "One"), (2, "Two"), (3, "Three")):
        team.said(number, comment=words)
    one, two, _ = team.cases()
    team.press("ben", f"/cases/{one.id}/owner", owner=team.members["ben"], revision=0)
    team.press("ben", f"/cases/{two.id}/state", state="done", revision=0)
    shown = {}
    for view in ("open", "mine", "overdue", "done"):
        page = team.page("ben", f"/cases?view={view}")
        shown[view] = [word for word in ("One", "Two", "Three") if f" {word} " in page]
    assert shown == {"open": ["One", "Three"], "mine": ["One"], "overdue": [], "done": ["Two"]}
    team.clock.move(timedelta(days=5))
    page = team.page("ben", "/cases?view=overdue")
    assert "One" in page
    assert "1 day over" in page
    assert "Cases 2 overdue" in page  # in the navigation


@on_sqlite
def test_category_and_state_are_called_the_same_on_every_page(team: Team):
    team.said(category="bug")
    team.move("ben", "working")
    case = team.case()
    for path in ("/cases", f"/cases/{case.id}", "/inbox", f"/responses/{case.response}"):
        page = team.page("eve", path)
        assert "Something is broken" in page, path
        assert "In work" in page, path


def test_a_list_of_any_length_goes_on_page_by_page_without_repeating(team: Team):
    for number in range(1, 8):
        team.said(number)
        team.clock.move(timedelta(hours=1) if number != 3 else timedelta(days=1))
    me, now = team.members["ben"], team.clock()
    with team.database.reading() as tx:
        found, after = [], None
        while some := lines(tx, team.site.team, me, "open", None, after, 2, now):
            found += [line.case.id for line in some]
            after = found[-1]
        assert found == [case.id for case in team.cases()]
        assert overdue(tx, team.site.team, now + timedelta(days=30), 5) == 6


def test_done_cases_are_listed_with_the_latest_first(team: Team):
    for number in (1, 2, 3):
        team.said(number)
    for case in team.cases():
        team.press("ben", f"/cases/{case.id}/state", state="done", revision=0)
        team.clock.move(timedelta(minutes=1))
    with team.database.reading() as tx:
        me, now = team.members["ben"], team.clock()
        found = [line.case.id for line in lines(tx, team.site.team, me, "done", None, None, 2, now)]
        found += [line.case.id for line in lines(tx, team.site.team, me, "done", None, found[-1], 2, now)]
    assert found == [case.id for case in reversed(team.cases())]


def test_other_lists_are_narrowed_by_what_a_case_is(team: Team):
    for number, score in ((1, 7), (2, 8), (3, 10)):
        team.said(number, score=score)
    one, two = team.cases()
    team.press("ben", f"/cases/{one.id}/state", state="working", revision=0)
    team.press("ben", f"/cases/{two.id}/tags", name="beta")
    with team.database.reading() as tx:
        (tag,) = tags(tx, team.site.team)
        wanted = {
            "all": CaseFilter(),
            "new": CaseFilter(state="new"),
            "open": CaseFilter(state="open"),
            "none": CaseFilter(state="none"),
            "ben's": CaseFilter(owner=team.members["ben"]),
            "nobody's": CaseFilter(owner=0),
            "tagged": CaseFilter(tag=tag.id),
            "over": CaseFilter(overdue=team.clock() + timedelta(days=9)),
        }
        scores = {}
        for name, one_filter in wanted.items():
            statement = select(ResponseRow.score).where(ResponseRow.team_id == team.site.team)
            ordered = narrowed(statement, team.site.team, one_filter).order_by(ResponseRow.id)
            scores[name] = list(tx.scalars(ordered))
    assert scores == {
        "all": [7, 8, 10], "new": [8], "open": [7, 8], "none": [10], "ben's": [7], "nobody's": [8], "tagged": [8],
        "over": [7, 8],
    }  # fmt: skip


def test_exports_say_what_became_of_each_response(team: Team):
    for number, score in ((1, 7), (2, 10)):
        team.said(number, score=score)
    case = team.case()
    team.press("ben", f"/cases/{case.id}/state", state="working", revision=0)
    for name in ("next step", "beta"):
        team.press("ben", f"/cases/{case.id}/tags", name=name)
    with team.database.reading() as tx:
        rows = [values(row) for row in exported_responses(tx, team.site.team, Filter())]
    told = [(row["case_state"], row["case_owner"], row["tags"]) for row in rows]
    assert told == [("working", "Ben", ["beta", "next step"]), (None, None, [])]
    header, first, second = (line.rstrip("\r\n").split(",") for line in write_csv(rows, False))
    assert header[-4:-1] == ["case_state", "case_owner", "tags"]
    assert (first[-4:-1], second[-4:-1]) == (["working", "Ben", "beta; next step"], ["", "", ""])


def test_tags_are_renamed_merged_and_deleted_with_their_cases(team: Team):
    for number in (1, 2):
        team.said(number)
    one, two = team.cases()
    for case, name in ((one, "price"), (one, "cost"), (two, "cost"), (two, "beta")):
        team.press("ben", f"/cases/{case.id}/tags", name=name)
    with team.database.reading() as tx:
        known = {tag.name: tag for tag in counted_tags(tx, team.site.team)}
    assert {name: tag.count for name, tag in known.items()} == {"beta": 1, "cost": 2, "price": 1}
    assert team.press("ben", f"/tags/{known['cost'].id}/rename", name="PRICE") == "422"
    assert team.press("ben", f"/tags/{known['cost'].id}/rename", name="Cost") == "/tags?done=renamed"
    assert team.press("ben", f"/tags/{known['cost'].id}/merge", into=known["price"].id) == "/tags?done=merged"
    assert team.press("ben", f"/tags/{known['beta'].id}/delete") == "/tags?done=deleted"
    assert [[tag.name for tag in case.tags] for case in team.cases()] == [["price"], ["price"]]
    for action, form in (("rename", {"name": "x"}), ("merge", {"into": known["price"].id}), ("delete", {})):
        assert team.press("ben", f"/tags/{known['cost'].id}/{action}", **form) == "404"
    assert team.press("ben", f"/tags/{known['price'].id}/merge", into=known["price"].id) == "404"
    assert "price 2 cases" in team.page("eve", "/tags")
    with team.database.reading() as tx:
        verbs = list(tx.scalars(select(ChangeRow.verb).order_by(ChangeRow.id)))
    assert verbs == ["tag.renamed", "tag.merged", "tag.deleted"]


@on_sqlite
def test_rules_say_what_becomes_a_case_and_by_when(team: Team):
    form = {"zone": "Pacific/Auckland", "by_itself": ["promoter"]}
    days = {"days-detractor": "1", "days-passive": "4", "days-promoter": "0"}
    assert team.press("ben", "/cases/rules", **form, **days) == "403"
    assert team.press("ann", "/cases/rules", **form, **days | {"days-passive": "soon"}) == "422"
    assert team.press("ann", "/cases/rules", **form, **days) == "/cases/rules?done=saved"
    team.said(1, score=8)
    team.said(2, score=10)
    # On a Sunday evening in Auckland; by Monday's end there.
    assert team.case().due_at.isoformat() == "2026-11-23T10:59:59+00:00"
    assert 'value="promoter" aria-label="promoter becomes a case by itself" checked' in (
        team.clients["ann"].get("/cases/rules").text
    )


@on_sqlite
def test_whatever_a_visitor_wrote_is_text_in_every_place(team: Team):
    for number, words in enumerate(("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'), 1):
        team.said(number, comment=words)
        case = team.cases()[-1]
        team.press("ben", f"/cases/{case.id}/notes", text=words)
        team.press("ben", f"/cases/{case.id}/tags", name=words)
        for path in ("/cases", f"/cases/{case.id}", "/tags"):
            text = team.clients["ben"].get(path).text
            assert words not in text
            assert "alert(1)" in text
