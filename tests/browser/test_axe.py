"""Every page in its main states: no violation axe knows of, a title of its own, nothing wider than 360 px."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.browser.server import Api
from tests.browser.test_looks import sticks_out
from tests.browser.test_loop import trained

Open = Callable[[Page, "Places"], None]


@dataclass
class Places:
    """What the pages are about."""

    demo: str
    rating: str
    ranking: str
    every: str
    model: str
    run: str


EVERY_KIND: list[dict[str, Any]] = [
    {"name": "order", "kind": "ranking", "title": "Rank them", "required": False, "ties": True},
    {"name": "score", "kind": "rating", "title": "How fluent?", "required": False, "min": 1, "max": 5, "labels": {}},
    {"name": "ends", "kind": "best_worst", "title": "Best and worst?", "required": False},
    {"name": "spans", "kind": "highlight", "title": "Mark errors", "required": False, "labels": ["error", "good"]},
    {"name": "better", "kind": "rewrite", "title": "Write a better one", "required": False},
    {"name": "ok", "kind": "choice", "title": "Acceptable?", "required": False, "options": ["yes", "no"],
     "multiple": False, "per_completion": True},
    {"name": "why", "kind": "comment", "title": "Anything else?", "required": False},
]  # fmt: skip
TEXTS = [
    "A **river** bends because water on the outside is faster.\n\n1. It digs outside.\n2. It drops sand inside.",
    "I am Claude, made by Anthropic. Rivers bend, see [a map](https://example.org) and `code`.",
    "I am Claude, made by Anthropic! Rivers bend, see [a map](https://example.org) and `code`.",
]
LINES = [
    {
        "id": f"p{number}",
        "prompt": f"Please explain in two short paragraphs why rivers bend. ({number})",
        "completions": [{"id": f"c{place}", "text": text} for place, text in enumerate(TEXTS)],
    }
    for number in range(4)
]


@pytest.fixture(scope="module")
def places(api: Api) -> Places:
    demo = api.project_named("Demo: which answer is better?")
    model = trained(api, demo)
    [run, *_] = api.get(f"/projects/{demo}/training-runs/")["results"]
    return Places(
        demo=demo,
        rating=api.project_named("Demo: rating translations"),
        ranking=api.project_named("Demo: ranking replies"),
        every=api.new_project("Every kind of question", questions=EVERY_KIND, lines=LINES),
        model=model,
        run=str(run["id"]),
    )


def at(path: str, *, ready: str = "h1", act: Callable[[Page], None] | None = None) -> Open:
    """A page of an address, once it is loaded and something has been done on it."""

    def go(page: Page, places: Places) -> None:
        page.goto(path.format(**vars(places)))
        expect(page.locator(ready).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.locator("[aria-busy=true]:visible")).to_have_count(0)
        if act is not None:
            act(page)
            page.wait_for_load_state("networkidle")

    return go


def dialog_by(act: Callable[[Page], None]) -> Callable[[Page], None]:
    """Do it, and wait until the dialog that it opens stands there."""

    def opened(page: Page) -> None:
        act(page)
        expect(page.get_by_role("dialog")).to_have_css("opacity", "1")

    return opened


TASK = "[data-answer]"
PAGES: dict[str, Open] = {
    "projects": at("/"),
    "new project": at("/projects/new"),
    "account": at("/account"),
    "users": at("/users"),
    "not found": at("/nothing/here"),
    "label: comparison": at("/projects/{demo}/label", ready=TASK),
    "label: rating": at("/projects/{rating}/label", ready=TASK),
    "label: ranking": at("/projects/{ranking}/label", ready=TASK),
    "label: every kind": at("/projects/{every}/label", ready="article"),
    "label: keys": at(
        "/projects/{demo}/label", ready=TASK, act=dialog_by(lambda page: page.keyboard.press("?"))
    ),
    "overview": at("/projects/{demo}/overview"),
    "agreement": at("/projects/{demo}/agreement"),
    "trust": at("/projects/{demo}/trust"),
    "review": at("/projects/{demo}/review"),
    "models": at("/projects/{demo}/models"),
    "model": at("/projects/{demo}/models/{model}"),
    "card": at("/projects/{demo}/models/{model}/card"),
    "run": at("/projects/{demo}/runs/{run}"),
    "playground": at("/projects/{demo}/playground"),
    "mine": at("/projects/{demo}/mine"),
    "data: prompts": at("/projects/{demo}/data?tab=prompts"),
    "data: duplicates": at("/projects/{every}/data?tab=similar", ready="mark"),
    "data: import": at("/projects/{demo}/data?tab=import"),
    "data: export": at("/projects/{demo}/data?tab=export"),
    "data: a prompt": at(
        "/projects/{demo}/data?tab=prompts",
        act=dialog_by(lambda page: page.locator("main li button").first.click()),
    ),
} | {
    f"settings: {tab}": at(f"/projects/{{demo}}/settings?tab={tab}")
    for tab in ("general", "questions", "guidelines", "people", "history", "queue", "trust")
}
LOOKS = {
    "light, English": {"color_scheme": "light", "locale": "en-US"},
    "dark, Chinese": {"color_scheme": "dark", "locale": "zh-CN"},
}


# The second look takes as long again, and what it adds are colours: `make test-all` has it.
EVERY_LOOK = [pytest.param(look, marks=[pytest.mark.slow] if "dark" in look else []) for look in LOOKS]


@pytest.mark.parametrize("look", EVERY_LOOK)
@pytest.mark.parametrize("name", PAGES)
def test_no_violations(new_context: NewContext, places: Places, name: str, look: str) -> None:
    page = new_context(**LOOKS[look]).new_page()
    PAGES[name](page, places)
    assert violations(page) == []
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if "Chinese" in look else "en")


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_has_no_violations(new_context: NewContext, look: str) -> None:
    page = new_context(None, **LOOKS[look]).new_page()
    page.goto("/login")
    expect(page.locator("input[type=password]")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_small_screen(new_context: NewContext, places: Places, name: str) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    PAGES[name](page, places)
    assert sticks_out(page) <= 0
    assert [one for one in violations(page) if one.startswith("target-size")] == []


def test_every_page_has_a_title_of_its_own(new_context: NewContext, places: Places) -> None:
    page = new_context().new_page()
    titles: dict[str, str] = {}
    for name, go in PAGES.items():
        if ":" not in name or name == "label: comparison":
            go(page, places)
            titles[name] = page.title()
    assert len(set(titles.values())) == len(titles), titles
    assert all(title.endswith("Plaudit") for title in titles.values())


def test_the_first_tab_skips_to_the_content(new_context: NewContext, places: Places) -> None:
    page = new_context().new_page()
    PAGES["overview"](page, places)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class(re.compile("skip-link"))
    page.keyboard.press("Enter")
    expect(page.locator("main#content")).to_be_focused()
