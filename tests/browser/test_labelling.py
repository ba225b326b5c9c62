"""Labelling by keyboard, with and without a network, with and without a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.server import COMPARISON, Api, Server, plain_lines

_numbers = count(1)


@pytest.fixture
def project(api: Api) -> str:
    """A fresh project of twelve comparisons."""
    return api.new_project(f"Labelling {next(_numbers)}", questions=[COMPARISON], lines=plain_lines(12))


def outputs(page: Page) -> str:
    """What the outputs say, once there are some."""
    found = page.get_by_role("article", name=re.compile("^Output [AB]$"))
    expect(found).to_have_count(2)
    return " | ".join(found.all_inner_texts())


def press(page: Page, key: str) -> None:
    """Press a key and wait until another task is shown."""
    before = outputs(page)
    page.keyboard.press(key)
    page.wait_for_function(
        """before => {
            const found = [...document.querySelectorAll('[data-task]:not([data-behind]) article')];
            return found.length === 2 && found.map(one => one.innerText).join(' | ') !== before;
        }""",
        arg=before,
    )


def open_labelling(context: BrowserContext, project: str) -> Page:
    page = context.new_page()
    page.goto(f"/projects/{project}/label")
    outputs(page)
    return page


def expect_progress(page: Page, text: str) -> None:
    expect(page.get_by_test_id("label-progress")).to_contain_text(text)


def stored(page: Page) -> AbstractContextManager[Any]:
    """Wait, at the end of the block, until the server has stored one more judgment."""
    return page.expect_response(
        lambda answer: answer.request.method == "PUT" and "/judgments/" in answer.url and answer.ok
    )


def test_a_newcomer_enters_the_demo_and_labels_with_one_key(new_context: NewContext) -> None:
    page = new_context(None).new_page()
    page.goto("/")
    page.get_by_role("button", name="Enter the demo").click()
    expect(page.get_by_test_id("demo-banner")).to_contain_text("simulated")
    expect_progress(page, "0 saved")
    press(page, "1")
    expect_progress(page, "1 saved")


def test_a_label_taken_back_at_once_never_reaches_the_server(
    context: BrowserContext, api: Api, project: str
) -> None:
    page = open_labelling(context, project)
    first = outputs(page)
    press(page, "1")
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back. The task is here again.")).to_be_visible()
    assert outputs(page) == first
    press(page, "6")
    expect_progress(page, "1 saved · 0 unsent")
    (judgment,) = api.judgments(project)
    assert judgment["answers"]["overall"] == {"choice": judgment["shown"][1], "strength": 3}


def test_a_stored_label_is_reopened_and_changed(context: BrowserContext, api: Api, project: str) -> None:
    page = open_labelling(context, project)
    first = outputs(page)
    press(page, "1")
    expect_progress(page, "1 saved · 0 unsent")
    press(page, "z")
    assert outputs(page) == first
    expect(page.get_by_test_id("editing")).to_contain_text("your earlier answer")
    with stored(page):
        press(page, "0")
    current = [one for one in api.judgments(project) if not one.get("superseded")]
    assert [one["answers"]["overall"]["choice"] for one in current] == ["tie"]


def test_every_key_stands_in_the_overlay(context: BrowserContext, project: str) -> None:
    page = open_labelling(context, project)
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keys")
    for line in ("A much better", "B slightly better", "Tie", "Both bad", "Undo", "Skip with a reason"):
        expect(overlay.get_by_role("row").filter(has_text=line)).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()


def test_skip_and_flag_ask_for_a_reason_and_keep_it(context: BrowserContext, api: Api, project: str) -> None:
    page = open_labelling(context, project)
    page.keyboard.press("s")
    expect(page.get_by_text("Why do you skip this task?")).to_be_visible()
    press(page, "1")
    page.keyboard.press("f")
    reasons = page.get_by_role("dialog").filter(has_text="What is wrong with this task?")
    words = reasons.get_by_placeholder("In your words (optional)")
    words.fill("the picture is missing")
    before = outputs(page)
    words.press("Enter")
    expect_progress(page, "2 saved · 0 unsent")
    assert outputs(page) != before
    assert [(one["status"], one["reason"]) for one in api.judgments(project)] == [
        ("skipped", "cannot judge this"),
        ("flagged", "the picture is missing"),
    ]


def test_labels_made_without_a_network_are_sent_once_when_it_is_back(
    context: BrowserContext, api: Api, project: str
) -> None:
    page = open_labelling(context, project)
    context.set_offline(True)
    for key in "160":
        press(page, key)
    expect_progress(page, "3 unsent")
    assert api.judgments(project) == []
    context.set_offline(False)
    expect_progress(page, "3 saved · 0 unsent")
    stored = api.judgments(project)
    assert [answer_on_screen(one) for one in stored] == [(0, 3), (1, 3), ("tie", None)]
    assert len({one["uuid"] for one in stored}) == 3


def answer_on_screen(judgment: dict[str, Any]) -> tuple[int | str, int | None]:
    """The answer by the place that the candidate had on the screen."""
    answer = judgment["answers"]["overall"]
    choice = answer["choice"]
    return judgment["shown"].index(choice) if choice in judgment["shown"] else choice, answer.get("strength")


def test_a_tab_closed_without_a_network_loses_nothing(
    context: BrowserContext, api: Api, project: str
) -> None:
    page = open_labelling(context, project)
    context.set_offline(True)
    press(page, "2")
    press(page, "5")
    expect_progress(page, "2 unsent")
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/")
    expect(later.get_by_test_id("outbox-badge")).to_contain_text("2 saved")
    assert [answer_on_screen(one) for one in api.judgments(project)] == [(0, 2), (1, 2)]


def test_open_tasks_come_back_after_a_reload(context: BrowserContext, project: str) -> None:
    page = open_labelling(context, project)
    first = outputs(page)
    page.reload()
    assert outputs(page) == first


def test_a_server_killed_and_started_again_loses_nothing(
    context: BrowserContext, api: Api, project: str, server: Server, restarted: Callable[[], None]
) -> None:
    page = open_labelling(context, project)
    press(page, "1")
    expect_progress(page, "1 saved · 0 unsent")
    server.kill()
    press(page, "2")
    press(page, "3")
    expect_progress(page, "2 unsent")
    restarted()
    expect_progress(page, "3 saved · 0 unsent")
    assert [answer_on_screen(one) for one in api.judgments(project)] == [(0, 3), (0, 2), (0, 1)]


@pytest.fixture
def restarted(server: Server) -> Callable[[], None]:
    return server.start
