"""Why a model thinks so: what it rewards, and the labelled outputs most like a scored one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.browser.server import Api
from tests.browser.test_loop import trained


@pytest.fixture
def champion(api: Api, demo: str) -> str:
    return trained(api, demo)


def wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("look", ["light", "dark"])
def test_model_page_says_how_much_of_the_reward_is_length(
    new_context: NewContext, demo: str, champion: str, look: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}, color_scheme=look).new_page()
    page.goto(f"/projects/{demo}/models/{champion}")
    card = page.locator("figure").filter(has=page.get_by_role("heading", name="What the model rewards"))
    expect(card).to_contain_text(re.compile(r"[Ll]ength alone"))
    shares = card.get_by_role("group", name="Share of the differences explained")
    expect(shares.get_by_role("img", name=re.compile(r"^Length alone: [\d.]+\s%"))).to_be_visible()
    features = card.get_by_role("group", name="How the reward goes with single counts (correlation)")
    expect(features.get_by_role("img").first).to_have_attribute(
        "aria-label", re.compile(r"^length in characters \(log\): [+−]?[\d.]+ \(.*\)$")
    )
    assert wide(page) == 0
    assert violations(page) == []
    card.get_by_role("button", name="Show as a table").click()
    expect(card.get_by_role("rowheader", name="Style beyond length")).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_playground_shows_similar_labelled_outputs(
    new_context: NewContext, demo: str, champion: str, look: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}, color_scheme=look).new_page()
    page.goto(f"/projects/{demo}/playground")
    page.get_by_role("button", name="English example").click()
    output = page.get_by_role("region", name="Output A")
    output.get_by_role("button", name="Similar outputs it learned from").press("Enter")
    found = output.get_by_role("list", name=re.compile("similar outputs that the model learned from"))
    expect(found.get_by_role("listitem")).to_have_count(5)
    expect(found).to_contain_text(re.compile(r"won \d+ of \d+ comparisons"))
    expect(output).to_contain_text(re.compile(r"Together they won \d+ of \d+ comparisons"))
    expect(output).to_contain_text(re.compile(r"Searched \d+ outputs"))
    assert wide(page) == 0
    assert violations(page) == []
