"""Must-pass pairs: pinning a judgment where it is shown, and what the page of models says of it."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.browser.server import COMPARISON, Api, plain_lines
from tests.browser.test_looks import sticks_out

_numbers = count(1)


@pytest.fixture
def project(api: Api) -> str:
    lines = plain_lines(1)
    lines[0]["judgments"] = [
        {"annotator": "ann", "answers": {"overall": {"choice": "x", "strength": 2}}},
        {"annotator": "bob", "answers": {"overall": {"choice": "tie"}}},
    ]
    return api.new_project(f"Pins {next(_numbers)}", questions=[COMPARISON], lines=lines)


def open_prompt(page: Page, project: str) -> None:
    page.goto(f"/projects/{project}/data?tab=prompts")
    page.locator("main li button").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Pin ann")).to_be_visible()


def test_judgment_is_pinned_in_the_drawer_and_shown_with_both_texts(page: Page, project: str) -> None:
    page.goto(f"/projects/{project}/models")
    expect(page.get_by_text("Nothing is pinned yet.")).to_be_visible()
    open_prompt(page, project)
    page.get_by_role("button", name="Pin ann").press("Enter")
    page.get_by_label("Note").fill("The <b>safety</b> case")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("button", name="Unpin ann")).to_be_visible()
    page.goto(f"/projects/{project}/models")
    expect(page.get_by_text("Note: The <b>safety</b> case")).to_be_visible()
    expect(page.get_by_text("Not tried", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show texts").click()
    for text in (
        "Should score higher",
        "The first answer to 0.",
        "Should score lower",
        "The second answer to 0.",
    ):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    page.get_by_role("button", name="Unpin p0").click()
    expect(page.get_by_text("Nothing is pinned yet.")).to_be_visible()


def test_tie_says_why_it_cannot_be_pinned(page: Page, project: str) -> None:
    open_prompt(page, project)
    page.get_by_role("button", name="Pin bob").click()
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_text("does not say that one output is better")).to_be_visible()


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "locale": "zh-CN"}])
def test_pins_have_no_violations_and_fit_a_small_screen(
    new_context: NewContext, api: Api, project: str, look: dict[str, str]
) -> None:
    [judgment] = [one for one in api.judgments(project) if one["annotator"] == "ann"]
    api.post(f"/projects/{project}/must-pass/", {"judgment": judgment["uuid"], "note": "Never wrong"})
    page = new_context(viewport={"width": 360, "height": 740}, **look).new_page()
    page.goto(f"/projects/{project}/models")
    expect(page.get_by_text("Never wrong")).to_be_visible()
    page.locator("button[aria-expanded=false][aria-controls]").last.click()
    expect(page.get_by_text("The second answer to 0.")).to_be_visible()
    assert violations(page) == []
    assert sticks_out(page) <= 0
