"""Comparing, laying out and searching outputs, own keys, and the leases of a page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import PASSWORD, NewContext
from tests.browser.server import COMPARISON, Api, Server
from tests.browser.test_labelling import expect_progress, open_labelling, outputs, press

_numbers = count(1)

# The words that a highlight lies over, in the order of the page.
MARKED = """name => [...(CSS.highlights.get(name) ?? [])].map(one => {
    const range = document.createRange();
    range.setStart(one.startContainer, one.startOffset);
    range.setEnd(one.endContainer, one.endOffset);
    return range.toString();
})"""


def lines(number: int, long: int = 0) -> list[dict[str, Any]]:
    more = "\n\nThe same sentence stands in both of them, and in every other." * long
    return [
        {
            "id": f"p{place}",
            "prompt": f"Question number {place}?",
            "completions": [
                {"id": "x", "text": f"The **quick** fox of {place} jumps.{more}"},
                {"id": "y", "text": f"The **slow** fox of {place} jumps far.{more}{more}"},
            ],
        }
        for place in range(number)
    ]


@pytest.fixture
def project(api: Api) -> str:
    return api.new_project(f"Reading {next(_numbers)}", questions=[COMPARISON], lines=lines(12))


@pytest.fixture
def long_project(api: Api) -> str:
    return api.new_project(f"Long reading {next(_numbers)}", questions=[COMPARISON], lines=lines(8, long=40))


def marked(page: Page, name: str) -> list[str]:
    found: list[str] = page.evaluate(MARKED, f"plaudit-{name}")
    return found


def shown(page: Page) -> Locator:
    return page.get_by_role("article", name=re.compile("^Output [A-Z]$"))


def test_words_that_differ_are_marked_and_the_rest_is_dimmed_on_demand(
    context: BrowserContext, project: str
) -> None:
    page = open_labelling(context, project)
    page.keyboard.press("d")
    expect(page.get_by_text(re.compile(r"^2 words that [AB] does not have$"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^1 word that [AB] does not have$"))).to_be_visible()
    assert sorted([*marked(page, "first"), *marked(page, "second")]) == ["far", "quick", "slow"]
    assert marked(page, "same") == []
    page.keyboard.press("e")
    page.wait_for_function("() => CSS.highlights.has('plaudit-same')")
    assert "quick" not in "".join(marked(page, "same"))
    press(page, "1")  # the next task is compared too
    page.wait_for_function("() => CSS.highlights.has('plaudit-first')")
    assert sorted([*marked(page, "first"), *marked(page, "second")]) == ["far", "quick", "slow"]
    page.keyboard.press("d")
    page.wait_for_function(
        "() => !CSS.highlights.has('plaudit-first') && !CSS.highlights.has('plaudit-same')"
    )
    expect(page.get_by_text("does not have")).to_have_count(0)


def test_layout_size_and_comparison_are_remembered(context: BrowserContext, project: str) -> None:
    page = open_labelling(context, project)
    for key in ("l", "l", "+", "d"):
        page.keyboard.press(key)
    expect(shown(page)).to_have_count(1)
    page.reload()
    expect(shown(page)).to_have_count(1)
    expect(shown(page)).to_have_accessible_name("Output A")
    expect(page.get_by_text("that B does not have")).to_be_visible()
    assert page.locator("[data-part=output]").first.evaluate("one => getComputedStyle(one).zoom") == "1.15"
    page.keyboard.press("o")
    expect(shown(page)).to_have_accessible_name("Output B")
    page.get_by_role("group", name="Which output is in front").get_by_role("button", name="Output A").click()
    expect(shown(page)).to_have_accessible_name("Output A")
    page.keyboard.press("l")
    expect(shown(page)).to_have_count(2)


def test_nothing_moves_when_the_next_task_comes(context: BrowserContext, project: str) -> None:
    page = open_labelling(context, project)
    page.keyboard.press("d")
    expect(page.get_by_text("that B does not have")).to_be_visible()
    where = "one => one.getBoundingClientRect().toJSON()"
    before = [one.evaluate(where) for one in [*shown(page).all(), page.locator("[data-answer]")]]
    press(page, "1")
    after = [one.evaluate(where) for one in [*shown(page).all(), page.locator("[data-answer]")]]
    assert before == after


def test_outputs_scroll_by_themselves_in_step(context: BrowserContext, long_project: str) -> None:
    page = open_labelling(context, long_project)
    page.keyboard.press("w")
    for _ in range(5):
        page.keyboard.press("j")
    shares = """() => [...document.querySelectorAll('[data-task]:not([data-behind]) [data-pane]')]
        .map(one => one.scrollTop / (one.scrollHeight - one.clientHeight))"""
    page.wait_for_function(f"() => ({shares})().every(share => share > 0.05)")
    page.wait_for_function(f"() => (([first, second]) => Math.abs(first - second) < 0.05)(({shares})())")
    assert page.evaluate("window.scrollY") == 0


def test_search_counts_its_hits_and_goes_through_them(context: BrowserContext, project: str) -> None:
    page = open_labelling(context, project)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search in this task").or_(
        page.get_by_role("textbox", name="Search in this task")
    )
    expect(box).to_be_focused()
    page.keyboard.type("FOX")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    assert marked(page, "hits") == ["fox", "fox"]
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page.keyboard.press("Control+Enter")  # belongs to the box
    expect_progress(page, "0 saved · 0 unsent")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert marked(page, "hits") == []


def test_a_chosen_key_works_everywhere_and_a_taken_one_is_refused(
    new_context: NewContext, person: Callable[..., str], project: str
) -> None:
    name = person(project=project)
    page = open_labelling(new_context(name, PASSWORD), project)
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keys")
    undo = overlay.get_by_role("button", name=re.compile("Change the key of “Undo”"))
    undo.click()
    page.keyboard.press("s")
    expect(overlay.get_by_role("alert")).to_contain_text("Skip with a reason")
    page.keyboard.press("u")
    expect(overlay.get_by_role("alert")).to_be_hidden()
    expect(undo).to_contain_text("U")
    much = overlay.get_by_role("button", name=re.compile("Change the key of “A much better”"))
    much.click()
    page.keyboard.press("t")
    expect(much).to_contain_text("T")
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    expect(page.locator("[data-answer]").get_by_text("T", exact=True)).to_be_visible()

    elsewhere = open_labelling(new_context(name, PASSWORD), project)
    first = outputs(elsewhere)
    press(elsewhere, "t")
    elsewhere.keyboard.press("z")
    assert outputs(elsewhere) != first
    press(elsewhere, "u")
    assert outputs(elsewhere) == first

    elsewhere.goto("/account")
    elsewhere.get_by_role("button", name="Reset all keys").click()
    expect(elsewhere.get_by_role("button", name="Reset all keys")).to_be_disabled()
    expect(elsewhere.get_by_role("button", name=re.compile("Change the key of “Undo”"))).to_contain_text("Z")


def queue(api: Api, project: str) -> set[str]:
    return {item["item"] for item in api.get(f"/projects/{project}/queue/", count=12)["items"]}


def test_tasks_of_a_closed_tab_come_back_but_not_those_of_a_reload(
    new_context: NewContext, api: Api, person: Callable[..., str], server: Server, project: str
) -> None:
    page = open_labelling(new_context(person(project=project), PASSWORD), project)
    first = outputs(page)
    other = Api(server, person(project=project), PASSWORD)
    others = queue(other, project)
    assert len(others) == 7
    page.reload()
    assert outputs(page) == first
    page.close(run_before_unload=True)
    end = time.monotonic() + 60
    while len(others) < 12 and time.monotonic() < end:  # they wait a while for a page that is only reloaded
        time.sleep(1)
        others = queue(other, project)
    assert len(others) == 12
    other.client.close()


def test_a_page_that_is_used_renews_its_leases_and_an_idle_one_does_not(
    context: BrowserContext, api: Api
) -> None:
    project = api.new_project(f"Leases {next(_numbers)}", questions=[COMPARISON], lines=lines(6))
    api.call("PATCH", f"/projects/{project}/", json={"lease_seconds": 4})
    page = open_labelling(context, project)
    page.keyboard.press("d")
    with page.expect_response("**/leases/renew/") as renewed:
        page.mouse.move(300, 300)
    assert len(renewed.value.json()["leases"]) == 5
    expect(page.get_by_text("has run out")).to_be_visible(timeout=20_000)  # nobody moves any more
    page.mouse.move(320, 320)
    press(page, "1")
    expect_progress(page, "1 saved · 0 unsent")
