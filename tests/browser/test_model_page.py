"""The page of a version: its chapters, and what it says of how it learned."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.browser.server import Api
from tests.browser.test_explaining import wide
from tests.browser.test_loop import trained


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 360)])
def test_chapters_are_reached_by_key_and_by_address(
    new_context: NewContext, api: Api, demo: str, look: str, width: int
) -> None:
    address = f"/projects/{demo}/models/{trained(api, demo)}"
    page = new_context(viewport={"width": width, "height": 740}, color_scheme=look).new_page()
    page.goto(address)
    index = page.get_by_role("navigation", name="On this page")
    short = page.get_by_role("region", name="In short")
    expect(short.get_by_role("listitem").first).to_contain_text(re.compile("length alone"))
    index.get_by_role("link", name="What it learned").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#learned$"))
    learned = page.get_by_role("region", name="What it learned")
    expect(learned.get_by_role("heading", name="What it learned", exact=True)).to_be_in_viewport()
    expect(learned).to_contain_text(re.compile(r"[\d,]+ comparisons were won by one side"))
    expect(index.get_by_role("link", name="What it learned")).to_have_attribute("aria-current", "location")
    expect(index).to_be_in_viewport(ratio=0.5) if width > 1000 else expect(index).not_to_be_in_viewport()
    assert wide(page) == 0
    assert violations(page) == []
    page.goto("about:blank")
    page.goto(f"{address}#weak-spots")
    expect(page.get_by_role("heading", name="Weak spots")).to_be_in_viewport()
