"""Rating, choosing and ranking on the demo's projects, by keys and by dragging."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.server import Api
from tests.browser.test_labelling import expect_progress

RATING = "Demo: rating translations"
RANKING = "Demo: ranking replies"


def open_project(context: BrowserContext, api: Api, name: str) -> tuple[Page, str]:
    """Its labelling page with a task on it, and the project's id."""
    project = api.project_named(name)
    page = context.new_page()
    page.goto(f"/projects/{project}/label")
    expect(shown(page).first).to_be_visible()
    expect(page.locator("[data-answer]").first).to_be_visible()
    return page, project


def shown(page: Page) -> Locator:
    return page.get_by_role("article", name=re.compile("^Output [A-Z]$"))


def last_of_demo(api: Api, project: str) -> dict[str, Any]:
    return [one for one in api.judgments(project) if one["annotator"] == "demo"][-1]


def test_ratings_and_choices_are_given_by_digits(context: BrowserContext, api: Api) -> None:
    page, project = open_project(context, api, RATING)
    count = shown(page).count()
    for _criterion in ("accuracy", "fluency", "faithfulness"):
        for place in range(count):
            page.keyboard.press(str(5 - place))
    page.keyboard.press("]")
    for place in range(count):
        page.keyboard.press("1" if place == 0 else "2")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    judgment = last_of_demo(api, project)
    ids = judgment["shown"]
    scores = {one: 5 - place for place, one in enumerate(ids)}
    assert {
        name: judgment["answers"][name]["scores"] for name in ("accuracy", "fluency", "faithfulness")
    } == {
        "accuracy": scores,
        "fluency": scores,
        "faithfulness": scores,
    }
    assert judgment["answers"]["acceptable"]["values"] == {
        one: ["yes" if place == 0 else "no"] for place, one in enumerate(ids)
    }


def test_a_rating_half_done_is_not_sent(context: BrowserContext, api: Api) -> None:
    page, _project = open_project(context, api, RATING)
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Still to answer: "))).to_be_visible()
    expect_progress(page, "0 saved · 0 unsent")


def test_an_untouched_ranking_is_no_answer(context: BrowserContext, api: Api) -> None:
    page, _project = open_project(context, api, RANKING)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Still to answer: Put the replies in order")).to_be_visible()
    expect_progress(page, "0 saved · 0 unsent")


def test_a_ranking_with_a_tie_is_made_by_keys(context: BrowserContext, api: Api) -> None:
    page, project = open_project(context, api, RANKING)
    letters = "abcdefgh"[: shown(page).count()]
    for place, letter in enumerate(reversed(letters)):
        page.keyboard.press(letter)
        page.keyboard.press(str(place + 1))
    page.keyboard.press("a")
    page.keyboard.press("=")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    judgment = last_of_demo(api, project)
    *better, b, a = reversed(judgment["shown"])
    tiers = judgment["answers"]["order"]["tiers"]
    assert [sorted(tier) for tier in tiers] == [*([one] for one in better), sorted([a, b])]


def drag(page: Page, chip: Locator, target: Locator) -> None:
    start, end = chip.bounding_box(), target.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 8, start["y"] + start["height"] / 2, steps=2)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()


def test_a_ranking_is_made_by_dragging(context: BrowserContext, api: Api) -> None:
    page, project = open_project(context, api, RANKING)
    count = shown(page).count()
    for place in range(count):
        letter = "ABCDEFGH"[place]
        # The last gap stands below the places that are taken.
        name = re.compile(rf"^Put the picked one on place {place + 1}\b")
        gap = page.get_by_role("button", name=name)
        drag(page, page.get_by_role("button", name=f"Pick {letter}", exact=True), gap)
        expect(page.get_by_role("group", name=f"Place {place + 1}", exact=True)).to_contain_text(letter)
    page.wait_for_timeout(200)  # a press right after a drop belongs to the drag
    page.get_by_role("button", name="Submit").click()
    expect_progress(page, "1 saved · 0 unsent")
    judgment = last_of_demo(api, project)
    assert judgment["answers"]["order"]["tiers"] == [[one] for one in judgment["shown"]]
