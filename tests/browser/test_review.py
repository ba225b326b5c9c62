"""Review: deciding by keys, setting aside, and remarks to an annotator."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, NewContext
from tests.browser.server import COMPARISON, Api, Server, plain_lines

_numbers = count(1)


def flagged_lines(number: int) -> list[dict[str, Any]]:
    """Prompts on which two people disagree and that a third has flagged."""
    lines = plain_lines(number)
    for line in lines:
        line["judgments"] = [
            {"annotator": "ann", "answers": {"overall": {"choice": "x"}}},
            {"annotator": "bob", "answers": {"overall": {"choice": "y"}}},
            {"annotator": "cleo", "status": "flagged", "reason": "nonsense", "answers": {}},
        ]
    return lines


@pytest.fixture
def project(api: Api) -> str:
    return api.new_project(f"Review {next(_numbers)}", questions=[COMPARISON], lines=flagged_lines(3))


def open_first(context: BrowserContext, project: str) -> Page:
    """The first flagged item's page."""
    page = context.new_page()
    page.goto(f"/projects/{project}/review")
    page.get_by_text("Flagged (3)").click()
    expect(page.get_by_text("cleo: nonsense")).to_have_count(3)
    page.get_by_role("link", name="Open: Question number 0?").click()
    expect_item(page, 0)
    return page


def expect_item(page: Page, number: int) -> None:
    """Wait for an item of the list."""
    expect(page.get_by_text(f"{number + 1} of 3")).to_be_visible()
    expect(page.get_by_text(f"The first answer to {number}.")).to_be_visible()
    expect(page.get_by_role("button", name="Both bad")).to_be_visible()


def decisions(api: Api, project: str) -> list[dict[str, Any]]:
    return [one for one in api.judgments(project) if one["annotator_kind"] == "adjudicated"]


def test_a_reviewer_goes_through_the_queue_and_decides_by_keys(
    context: BrowserContext, api: Api, project: str
) -> None:
    page = open_first(context, project)
    page.keyboard.press("1")
    assert decisions(api, project) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("The decision is saved.")).to_be_visible()
    page.keyboard.press("j")
    expect_item(page, 1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Still to answer: Which is better?")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Reviewed")).to_be_visible()
    page.keyboard.press("j")
    expect_item(page, 2)
    page.keyboard.press("j")
    expect(page.get_by_text("That was the last one in this list.")).to_be_visible()
    page.keyboard.press("k")
    expect_item(page, 1)
    page.keyboard.press("k")
    expect_item(page, 0)
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The decision is saved.")).to_be_visible()
    first, second = decisions(api, project)
    assert first["answers"]["overall"] == {"choice": first["shown"][0], "strength": 3}
    assert second["answers"]["overall"] == {"choice": "tie"}
    assert (second["supersedes"], second["author"]) == (first["uuid"], "demo")
    page.get_by_role("link", name="Back to the queue").click()
    expect(page.get_by_text("Flagged (1)")).to_be_visible()
    expect(page.get_by_role("rowheader", name="ann", exact=True)).to_be_visible()


def test_a_judgment_is_set_aside_with_a_reason_and_counts_again(
    context: BrowserContext, api: Api, project: str
) -> None:
    page = open_first(context, project)
    page.get_by_role("button", name="Set aside… ann").click()
    dialog = page.get_by_role("dialog", name="Set this judgment aside")
    dialog.get_by_label("Why").fill("clicked without reading")
    dialog.get_by_role("button", name="Set aside").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("clicked without reading")).to_be_visible()
    [aside] = [one for one in api.judgments(project) if one["set_aside"]]
    assert (aside["annotator"], aside["set_aside"]["by"], aside["surplus"]) == ("ann", "demo", True)
    page.get_by_role("button", name="Let it count again").click()
    expect(page.get_by_role("button", name="Set aside… ann")).to_be_visible()
    assert [one for one in api.judgments(project) if one["set_aside"]] == []


def test_reviewer_and_annotator_write_to_each_other(
    context: BrowserContext,
    new_context: NewContext,
    api: Api,
    server: Server,
    person: Callable[..., str],
) -> None:
    project = api.new_project(f"Remarks {next(_numbers)}", questions=[COMPARISON], lines=plain_lines(2))
    name = person(project=project)
    own = Api(server, name, PASSWORD)
    [task] = own.get(f"/projects/{project}/queue/", count=1)["items"]
    body = {"lease": task["lease"], "answers": {"overall": {"choice": task["shown"][0]}}}
    own.call("PUT", f"/judgments/{uuid4()}/", json=body)
    page = context.new_page()
    page.goto(f"/projects/{project}/review/{task['item']}")
    page.get_by_role("button", name=f"Remarks with {name}").click()
    page.get_by_label(f"Write to {name}").fill("Why **not** the other one?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Why not the other one?")).to_be_visible()

    theirs = new_context(name, PASSWORD).new_page()
    theirs.goto(f"/projects/{project}/label")
    theirs.get_by_role("button", name="Remarks: 1 unread").click()
    theirs.get_by_role("button", name="Why **not** the other one?").click()
    expect(theirs.get_by_text("Why not the other one?")).to_be_visible()
    theirs.get_by_label("Your answer").fill("You are right.")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_text("You are right.")).to_be_visible()
    theirs.get_by_role("button", name="Open the label").click()
    expect(theirs.get_by_test_id("editing")).to_contain_text("your earlier answer")
    expect(theirs.get_by_role("button", name="Remarks", exact=True)).to_be_visible()
    page.goto(f"/projects/{project}/review")
    expect(page.get_by_role("link", name=f"{name}: You are right.")).to_be_visible()
    own.client.close()
