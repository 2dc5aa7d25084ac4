"""What colleagues press: states, owners, due dates, tags, notes, many at once; two at a time; and undoing it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.cases.conftest import Team
from tests.conftest import on_sqlite


def test_closing_is_one_press_and_undone_by_another(team: Team):
    team.said()
    assert team.move("ben", "done") == f"/cases/{team.case().id}?case=closed"
    assert team.case().state == "done"
    assert "Closed. Undo" in team.page("ben", f"/cases/{team.case().id}?case=closed")
    assert team.undo("ben").endswith("?case=undone")
    case = team.case()
    assert (case.state, case.owner, case.history[-1].undone) == ("new", None, True)
    assert "Ben closed it, and took it back" in team.page("eve", f"/cases/{case.id}")


def test_undoing_is_for_whoever_pressed_while_it_is_fresh_and_nothing_came_after(team: Team):
    team.said()
    team.move("ben", "done")
    assert team.undo("ann").endswith("?case=late")
    team.clock.move(timedelta(minutes=11))
    assert team.undo("ben").endswith("?case=late")
    assert team.case().state == "done"
    team.move("ben", "working")
    press = team.case().history[-1].press
    team.move("ann", "waiting")
    assert team.press("ben", f"/cases/undo/{press}").endswith("?case=late")
    assert team.case().state == "waiting"


def test_of_two_who_press_at_once_one_is_told_and_nothing_is_lost(team: Team):
    team.said()
    case = team.case()
    presses = [("ann", "state", {"state": "waiting"}), ("ben", "owner", {"owner": team.members["ben"]})]

    def press(one: tuple[str, str, dict[str, object]]) -> str:
        return team.press(one[0], f"/cases/{case.id}/{one[1]}", revision=0, **one[2])

    with ThreadPoolExecutor(2) as pool:
        words = [where.partition("?case=")[2] for where in pool.map(press, presses)]
    assert words.count("stale") == 1
    assert len(team.case().history) == team.case().revision == 1
    assert "Somebody was quicker" in team.page("ben", f"/cases/{case.id}?case=stale")


@on_sqlite
def test_the_same_press_twice_is_no_conflict(team: Team):
    team.said()
    for _ in range(2):
        assert team.move("ben", "done", revision=0).endswith("?case=closed")
    assert len(team.case().history) == 1


@on_sqlite
def test_a_case_is_given_to_whoever_may_work_on_it(team: Team):
    team.said()
    path = f"/cases/{team.case().id}/owner"
    assert team.press("ann", path, owner=team.members["eve"], revision=0) == "422"
    assert team.press("ann", path, owner=10**12, revision=0) == "422"
    assert team.press("eve", path, owner=team.members["ben"], revision=0) == "403"
    team.press("ann", path, owner=team.members["ben"], revision=0)
    assert (team.case().owner and team.case().owner.name, team.case().history[-1].words) == ("Ben", "gave it to Ben")
    assert "gave it to Ben" in team.page("eve", f"/cases/{team.case().id}")


@on_sqlite
def test_a_day_that_is_none_is_told_at_its_field(team: Team):
    team.said()
    for day in ("2026-11-21", "2036-01-01", "soon", "", "2026-13-01"):
        reply = team.clients["ben"].post(f"/cases/{team.case().id}/due", data={"due": day, "revision": 0})
        assert (reply.status_code, reply.text.count('aria-describedby="case-due-wrong"')) == (422, 1)
        assert f'value="{day}" aria-invalid' in reply.text


def test_a_due_date_is_the_day_that_was_chosen(team: Team):
    team.said()
    team.press("ben", f"/cases/{team.case().id}/due", due="2026-12-24", revision=0)
    assert team.case().due(team.clock()).day.isoformat() == "2026-12-24"
    assert team.case().history[-1].words == "made it due on 24 December 2026"


def test_one_name_is_one_tag_however_it_is_written(team: Team):
    team.said(1)
    team.said(2)
    first, second = team.cases()
    team.press("ben", f"/cases/{first.id}/tags", name="  Price\tpage ")
    team.press("ben", f"/cases/{second.id}/tags", name="PRICE PAGE")
    assert [[tag.name for tag in case.tags] for case in team.cases()] == [["Price page"]] * 2
    (tag,) = first_tags = team.cases()[0].tags
    team.press("ben", f"/cases/{first.id}/tags", off=tag.id)
    assert team.cases()[0].tags == () != first_tags
    press = team.cases()[0].history[-1].press
    team.press("ben", f"/cases/undo/{press}")
    assert team.cases()[0].tags == first_tags
    for none in ("x" * 41, "a; b", " "):
        assert team.press("ben", f"/cases/{first.id}/tags", name=none) == "422"


def test_a_note_calls_a_colleague_who_then_has_the_case_under_mine(team: Team):
    team.said(comment="Too slow on Sundays")
    number = team.case().id
    assert "Nothing is yours" in team.page("ann", "/cases?view=mine")
    team.press("ben", f"/cases/{number}/notes", text="@Ann, do you know of this? @Nobody <b>")
    assert [part.member for part in team.case().notes[0].parts if part.member] == [team.members["ann"]]
    mine = team.page("ann", "/cases?view=mine")
    assert "Too slow on Sundays" in mine
    assert "you are called" in mine
    assert "Nothing is yours" in team.page("ben", "/cases?view=mine")
    team.undo("ben")
    assert team.case().notes == ()
    assert "Nothing is yours" in team.page("ann", "/cases?view=mine")


@on_sqlite
def test_a_note_that_is_none_is_told_at_its_field_and_kept_there(team: Team):
    team.said()
    for text in ("", "   \n", "x" * 4001):
        reply = team.clients["ben"].post(f"/cases/{team.case().id}/notes", data={"text": text})
        assert (reply.status_code, reply.text.count('id="case-text-wrong"')) == (422, 1)
        assert text.strip() in reply.text


def test_many_are_closed_by_one_press_and_come_back_by_one(team: Team):
    for number in (1, 2, 3):
        team.said(number)
    chosen = [f"{case.id}:{case.revision}" for case in team.cases()]
    where = team.press("ben", "/cases/bulk", chosen=chosen, do="close", back="/cases?view=open")
    assert where == "/cases?view=open&case=closed"
    page = team.page("ben", where)
    assert "3 cases closed. Undo" in page
    assert "No open cases" in page
    team.press("ben", f"/cases/undo/{team.cases()[0].history[-1].press}")
    assert [case.state for case in team.cases()] == ["new"] * 3


def test_what_somebody_changed_meanwhile_is_left_when_many_are_pressed(team: Team):
    for number in (1, 2):
        team.said(number)
    first, second = team.cases()
    team.press("ann", f"/cases/{first.id}/state", state="waiting", revision=0)
    chosen = [f"{first.id}:0", f"{second.id}:0"]
    assert team.press("ben", "/cases/bulk", chosen=chosen, do="close").endswith("case=some")
    assert [case.state for case in team.cases()] == ["waiting", "done"]


def test_many_are_given_and_tagged(team: Team):
    for number in (1, 2):
        team.said(number)
    chosen = [f"{case.id}:0" for case in team.cases()]
    assert team.press("ben", "/cases/bulk", chosen=chosen, do="give", owner=team.members["ann"]).endswith("=given")
    assert team.press("ben", "/cases/bulk", chosen=chosen, do="tag", name="beta").endswith("=tagged")
    for case in team.cases():
        assert (case.owner and case.owner.name, [tag.name for tag in case.tags]) == ("Ann", ["beta"])
    for form in ({"do": "tag"}, {"do": "give"}, {"do": "burn"}, {"do": "give", "owner": team.members["eve"]}):
        assert team.press("ben", "/cases/bulk", chosen=chosen, **form).endswith("case=none")
    assert team.press("ben", "/cases/bulk", do="close").endswith("case=none")
    assert team.press("ben", "/cases/bulk", responses=["1"], do="close").endswith("case=no_case")
    mixed = {"chosen": chosen, "responses": ["3"], "do": "tag", "name": "beta"}
    assert team.press("ben", "/cases/bulk", **mixed).endswith("case=cases")
    assert all(case.owner for case in team.cases())


@on_sqlite
def test_a_foreign_or_missing_case_is_not_there(team: Team):
    team.said()
    for number in (team.case().id + 1, 2**63, 0):
        for action in ("state", "owner", "tags", "notes"):
            form = {"state": "done", "revision": 0, "name": "x", "text": "x", "owner": ""}
            assert team.press("ben", f"/cases/{number}/{action}", **form) == "404", action
    assert team.press("ben", "/cases/bulk", chosen=[f"{team.case().id + 1}:0"], do="close") == "404"


@on_sqlite
def test_nobody_is_led_elsewhere(team: Team):
    team.said()
    for back in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/login"):
        where = team.press("ben", f"/cases/{team.case().id}/notes", text="x", back=back)
        assert where.startswith(("/inbox?", "/cases")), where
