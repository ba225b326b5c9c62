"""A round of qualification, real work after it, and what is said after a gold item."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, NewContext
from tests.browser.server import COMPARISON, Api, plain_lines
from tests.browser.test_labelling import expect_progress, open_labelling, outputs, press

_numbers = count(1)


def golden_lines(gold: int, others: int) -> list[dict[str, Any]]:
    """Prompts of which the first ones have a known answer: the first output."""
    lines = plain_lines(gold + others)
    for line in lines[:gold]:
        known = {"overall": {"choice": "x"}}
        line["gold"] = {"answers": known, "explanation": "The first one **keeps to the facts**."}
    return lines


def checked_project(api: Api, *, gold: int, others: int, **rules: Any) -> str:
    project = api.new_project(
        f"Gold {next(_numbers)}", questions=[COMPARISON], lines=golden_lines(gold, others)
    )
    api.call("PUT", f"/projects/{project}/trust-policy/", json={"gold_share": 0, "repeat_share": 0, **rules})
    return project


def open_ready(context: BrowserContext, project: str) -> Page:
    """The labelling page once its panel takes keys."""
    page = open_labelling(context, project)
    expect(page.locator("[data-answer]").first).to_be_visible()
    return page


def side(page: Page, *, right: bool) -> str:
    """The key that prefers the known output much, or the other one."""
    first_is_left = outputs(page).index("The first answer") < outputs(page).index("The second answer")
    return "1" if first_is_left == right else "6"


def test_a_newcomer_qualifies_and_then_works(
    new_context: NewContext, api: Api, person: Callable[..., str]
) -> None:
    project = checked_project(api, gold=3, others=4, qualification_items=3, threshold=0.6)
    name = person(project=project)
    page = open_ready(new_context(name, PASSWORD), project)
    standing = page.get_by_test_id("standing")
    expect(standing).to_have_text("Qualification: 0 of 3 answered")
    press(page, side(page, right=True))
    expect(standing).to_have_text("Qualification: 1 of 3 answered")
    press(page, side(page, right=True))
    page.keyboard.press(side(page, right=False))
    expect_progress(page, "3 saved · 0 unsent")
    expect(standing).to_have_count(0)
    outputs(page)
    press(page, "1")
    expect_progress(page, "4 saved · 0 unsent")
    assert [one["purpose"] for one in api.judgments_of(project, name)] == ["qualification"] * 3 + ["work"]


def test_who_fails_the_round_is_told_and_let_in_by_an_administrator(
    new_context: NewContext, api: Api, person: Callable[..., str]
) -> None:
    project = checked_project(api, gold=2, others=2, qualification_items=2, threshold=1)
    page = open_ready(new_context(person(project=project), PASSWORD), project)
    press(page, side(page, right=False))
    page.keyboard.press(side(page, right=False))
    expect(page.get_by_text("The qualification round was not passed")).to_be_visible()
    admin = new_context().new_page()
    admin.goto(f"/projects/{project}/trust")
    admin.get_by_role("button", name="Take as qualified").click()
    expect(admin.get_by_test_id("checked-annotator").filter(has_text="works")).to_be_visible()
    page.reload()
    outputs(page)


def test_after_a_gold_item_the_known_answer_is_shown_without_moving_anything(
    new_context: NewContext, api: Api, person: Callable[..., str]
) -> None:
    project = checked_project(api, gold=4, others=0, feedback="answer")
    page = open_ready(new_context(person(project=project), PASSWORD), project)
    card = page.get_by_test_id("gold-feedback")
    place = page.get_by_role("article", name="Output A").bounding_box()
    press(page, side(page, right=False))
    expect(card).to_contain_text("Not what was expected")
    expect(card).to_contain_text("keeps to the facts")
    assert page.get_by_role("article", name="Output A").bounding_box() == place
    page.keyboard.press("y")
    expect(card).to_have_count(0)
    press(page, side(page, right=True))
    expect(card).to_contain_text("Right")
    page.reload()
    outputs(page)
    expect(page.get_by_test_id("standing")).to_contain_text("right of 2 checked")
    expect(card).to_have_count(0)


def test_the_rules_and_the_gold_items_are_kept_by_an_administrator(new_context: NewContext, api: Api) -> None:
    project = checked_project(api, gold=2, others=1)
    page = new_context().new_page()
    page.goto(f"/projects/{project}/settings?tab=quality")
    needed = page.get_by_role("textbox", name="Gold items before real work")
    needed.fill("5")
    expect(page.get_by_test_id("scarce")).to_contain_text("there are 2")
    needed.fill("2")
    page.get_by_role("radio", name="Their score", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    rules = api.get(f"/projects/{project}/trust-policy/")
    assert (rules["qualification_items"], rules["feedback"], rules["golds"]) == (2, "score", 2)
    page.goto(f"/projects/{project}/trust")
    row = page.get_by_test_id("gold-item").first
    row.get_by_role("button", name="Edit").click()
    page.get_by_role("checkbox", name="a tie").check()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    golds = api.get(f"/projects/{project}/gold/")["results"]
    assert [gold["tolerance"]["overall"]["accept"] for gold in golds] == [["tie"], []]
    row.get_by_role("button", name="Retire").click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_test_id("gold-item")).to_have_count(1)
