"""Never lose an answer, and never count one twice: bad lines, closed tabs, killed collectors, impatient fingers."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host, has_followed, until, what_follows
from tests.servers.faulty import Fault, Faulty
from tests.servers.live import Live
from tests.servers.neighbours import free_ports

pytestmark = pytest.mark.usefixtures("probed")

QUEUE = "JSON.parse(localStorage.getItem('lukewarm') ?? '{}').queue ?? []"
UNTIL_EMPTY = f"({QUEUE}).length === 0"
WAITS = "waits on this device"


def test_what_could_not_be_sent_is_sent_when_the_line_is_back(visit: Visit, context: BrowserContext, host: Host):
    form, words = Form(visit.page), "written in a tunnel"
    visit.page.goto(host.address())
    with what_follows(visit.page):
        form.open()
    form.fill(8, words)
    context.set_offline(True)
    form.send.click()
    expect(visit.page.get_by_text(WAITS)).to_be_visible()
    (waiting,) = visit.page.evaluate(QUEUE)
    assert json.loads(waiting["body"])["comment"] == words
    assert host.stored(comment=words) == []
    context.set_offline(False)
    visit.page.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_a_form_opened_without_a_connection_keeps_its_words_and_is_sent_when_there_is_one(
    visit: Visit, context: BrowserContext, host: Host
):
    """What comes after the form is not in the script, and has to be fetched first. However often somebody pressed."""
    form, words = Form(visit.page), "opened in a tunnel"
    visit.page.goto(host.address())
    expect(form.launcher).to_be_visible()
    context.set_offline(True)
    form.open()
    form.fill(8, words)
    for _ in range(2):
        form.send.click()
        expect(form.alert).to_contain_text("Your words are still here")
    expect(form.comment).to_have_value(words)
    context.set_offline(False)
    expect(form.question).to_be_visible()
    assert len(host.stored(comment=words)) == 1


def test_the_whole_script_waits_for_a_connection_by_itself(visit: Visit, context: BrowserContext, host: Host):
    form, words = Form(visit.page), "opened in a tunnel with all that it needs"
    visit.page.goto(host.address(key=f"{host.key}.whole"))
    expect(form.launcher).to_be_visible()
    context.set_offline(True)
    form.open()
    form.fill(8, words)
    form.send.click()
    expect(visit.page.get_by_text(WAITS)).to_be_visible()
    context.set_offline(False)
    visit.page.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_what_could_not_be_sent_is_sent_from_the_next_page(
    visit: Visit, context: BrowserContext, host: Host, line: Faulty
):
    form, words = Form(visit.page), "written just before the tab was closed"
    line.fail("/responses", Fault(), times=99)
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.fill(5, words)
    form.send.click()
    expect(visit.page.get_by_text(WAITS)).to_be_visible()
    visit.page.close()
    assert host.stored(comment=words) == []
    line.mend()
    later = context.new_page()
    later.goto(host.address(collector=line.root))
    later.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_two_tabs_send_what_waits_and_it_is_stored_once(visit: Visit, context: BrowserContext, host: Host):
    form, words = Form(visit.page), "one of two tabs"
    other = context.new_page()
    other.goto(host.address())
    visit.page.goto(host.address())
    with what_follows(visit.page):
        form.open()
    form.fill(8, words)
    context.set_offline(True)
    form.send.click()
    expect(visit.page.get_by_text(WAITS)).to_be_visible()
    context.set_offline(False)
    for page in (visit.page, other):
        page.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_a_receipt_that_was_lost_costs_nothing_and_is_stored_once(visit: Visit, host: Host, line: Faulty):
    form, words = Form(visit.page), "stored, but who knew"
    line.fail("/responses", Fault(passed_on=True))
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.fill(8, words)
    form.send.click()
    expect(visit.page.get_by_text(WAITS).or_(form.question)).to_be_visible()
    visit.page.evaluate("dispatchEvent(new Event('online'))")
    visit.page.wait_for_function(UNTIL_EMPTY)
    assert len(host.stored(comment=words)) == 1


def test_an_impatient_double_press_sends_once(visit: Visit, host: Host, line: Faulty):
    form, words = Form(visit.page), "pressed twice"
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.fill(8, words)
    form.send.dblclick()
    expect(form.question).to_be_visible()
    assert len([asked for asked in line.requests("/responses") if words in asked.body.decode()]) == 1
    assert len(host.stored(comment=words)) == 1


@pytest.mark.parametrize(("status", "times"), [(408, 2), (429, 1), (503, 1)])
def test_a_busy_collector_is_asked_again_after_the_time_it_names(
    visit: Visit, host: Host, line: Faulty, status: int, times: int
):
    """Chromium itself asks again at once after a 408 on a connection that it had kept, and tells nobody."""
    form, words = Form(visit.page), f"told to wait with {status}"
    problem = {"title": "Later", "status": status}
    line.fail("/responses", Fault(status, json.dumps(problem).encode(), {"Retry-After": "1"}), times=times)
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.fill(8, words)
    form.send.click()
    expect(visit.page.get_by_text(WAITS).or_(form.question)).to_be_visible()
    visit.page.wait_for_function(UNTIL_EMPTY)
    *_, before, last = (asked for asked in line.requests("/responses") if words in asked.body.decode())
    assert last.at - before.at >= 1
    assert len(host.stored(comment=words)) == 1


def test_a_collector_that_is_killed_and_started_again_has_it_once(visit: Visit, host: Host, tmp_path: Path):
    port = free_ports(1)[0]
    first = Live(tmp_path, "--port", str(port))
    key = first.command("site", "add", "Killed", "--origin", host.pages.root).strip()
    form, words = Form(visit.page), "sent into the void"
    visit.page.goto(host.address(collector=first.root, key=key))
    form.open()
    form.fill(8, words)
    first.kill()
    form.send.click()
    expect(visit.page.get_by_text(WAITS)).to_be_visible()
    again = Live(tmp_path, "--port", str(port))
    try:
        visit.page.evaluate("dispatchEvent(new Event('online'))")
        visit.page.wait_for_function(UNTIL_EMPTY)
        rows = map(json.loads, again.command("export", "--site", "Killed", "--format", "jsonl").splitlines())
        assert [row["comment"] for row in rows] == [words]
    finally:
        again.stop()


def test_a_score_that_was_picked_and_left_is_kept_and_finishing_it_amends_it(visit: Visit, host: Host):
    form, words = Form(visit.page), "the rest came later"
    visit.page.goto(host.address())
    form.open()
    form.score(3).check()
    has_followed(visit.page)
    with visit.page.expect_response("**/responses") as kept:
        visit.page.keyboard.press("Escape")
    first = kept.value.json()["id"]
    assert [(row["score"], row["partial"]) for row in host.stored(id=first)] == [(3, True)]
    form.launcher.click()
    form.fill(7, words)
    form.send.click()
    expect(form.question).to_be_visible()
    assert [(row["id"], row["score"], row["partial"]) for row in host.stored(comment=words)] == [(first, 7, False)]


def test_a_score_that_was_picked_is_kept_when_the_visitor_leaves_the_page(visit: Visit, host: Host, line: Faulty):
    form = Form(visit.page)
    visit.page.goto(host.address(collector=line.root))
    form.open()
    form.score(2).check()
    has_followed(visit.page)
    visit.page.goto(host.address("second.html"))
    (sent,) = until(lambda: line.requests("/responses"))
    rows = until(lambda: host.stored(id=json.loads(sent.body)["id"]))
    assert [(row["score"], row["partial"]) for row in rows] == [(2, True)]


@pytest.mark.parametrize(
    "words",
    [
        "🙂 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 ﷽ 𝕏",
        "السعر ارتفع 20% since May, وهذا غريب (very) strange — למה?",
        "</script><script>alert(1)</script>{{constructor}}\\u2028 ' \" `",
        "line one\nline two\n\tline three",
    ],
)
def test_words_of_every_kind_arrive_as_they_were_written(visit: Visit, host: Host, words: str):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.fill(9, words)
    form.send.click()
    expect(form.question.or_(form.dialog.get_by_text("Thank you"))).to_be_visible()
    assert len(host.stored(comment=words.replace("e\u0301", "é"))) == 1


def test_a_million_letters_are_cut_where_they_are_pasted_and_the_rest_is_sent(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.score(4).check()
    form.comment.focus()
    visit.page.keyboard.insert_text("m" * 1_000_000)
    expect(form.comment).to_have_value("m" * 4000)
    form.send.click()
    expect(form.question.or_(form.dialog.get_by_text("Thank you"))).to_be_visible()
    assert len(host.stored(comment="m" * 4000)) == 1


def test_words_that_a_script_made_too_long_are_refused_and_stay(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    form.open()
    form.score(4).check()
    form.comment.evaluate("(field) => { field.value = 'long '.repeat(2e4) }")
    form.send.click()
    expect(form.alert).to_contain_text("Your words are still here")
    assert form.comment.evaluate("(field) => field.value.length") == 100_000
