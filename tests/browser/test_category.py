"""What kind of thing a visitor says it is: one each or none, by pointer and by key, with a line of help for each."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.host import Form, Host

pytestmark = pytest.mark.usefixtures("probed")

HELP = "What would you like to be able to do?"


def test_a_category_gives_its_help_and_is_taken_back_by_a_second_press_or_the_space_bar(visit: Visit, host: Host):
    form = Form(visit.page)
    visit.page.goto(host.address())
    dialog = form.open()
    idea, speed = (dialog.get_by_role("radio", name=name, exact=True) for name in ("Idea", "Speed"))
    height = dialog.bounding_box()
    for take_back in (idea.click, lambda: idea.press(" ")):
        idea.click()
        expect(idea).to_be_checked()
        expect(dialog.get_by_text(HELP)).to_be_visible()
        assert dialog.bounding_box() == height
        take_back()
        expect(idea).not_to_be_checked()
        expect(dialog.get_by_text(HELP)).to_have_count(0)
    idea.click()
    idea.press("ArrowLeft")
    expect(idea).not_to_be_checked()
    speed.click()
    form.fill(0, "one category and a score of nothing")
    form.send.click()
    expect(form.question.or_(dialog.get_by_text("Thank you"))).to_be_visible()
    (row,) = host.stored(comment="one category and a score of nothing")
    assert (row["score"], row["category"]) == (0, "performance")


def test_a_category_that_was_taken_back_is_none(visit: Visit, host: Host):
    form, words = Form(visit.page), "no category in the end"
    visit.page.goto(host.address())
    dialog = form.open()
    for _ in range(2):
        dialog.get_by_role("radio", name="Idea", exact=True).click()
    form.fill(10, words)
    form.send.click()
    expect(form.question.or_(dialog.get_by_text("Thank you"))).to_be_visible()
    assert [row["category"] for row in host.stored(comment=words)] in ([None], [""])
