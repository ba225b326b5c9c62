"""A version's card: from its page, as a file, on paper and in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.server import Api
from tests.browser.test_loop import trained


@pytest.fixture(scope="module")
def address(api: Api) -> str:
    """The page of a trained version."""
    demo = api.project_named("Demo: which answer is better?")
    return f"/projects/{demo}/models/{trained(api, demo)}"


def test_card_is_a_page_of_the_version_and_a_file(new_context: NewContext, address: str) -> None:
    page = new_context().new_page()
    page.goto(address)
    page.get_by_role("link", name="Model card").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Model card: version")
    weak = page.get_by_role("heading", name="Known weaknesses").locator("xpath=ancestor::section")
    expect(weak).to_contain_text("of the labels are not by people but simulated")
    accuracy = page.get_by_role("row", name="Accuracy on pairs")
    expect(accuracy).to_contain_text("n = ")
    with page.expect_download() as download:
        page.get_by_role("link", name="MODEL_CARD.md").click()
    assert download.value.suggested_filename == "MODEL_CARD.md"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("# Reward model card: version")
    assert "not by people but simulated" in text


def test_card_on_paper_is_the_card_alone(new_context: NewContext, address: str) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto(f"{address}/card")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    for gone in ("header", "nav", "main button"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_css("color", "rgb(0, 0, 0)")


def test_card_is_in_chinese_where_the_reader_is(new_context: NewContext, address: str) -> None:
    page = new_context(locale="zh-CN").new_page()
    page.goto(f"{address}/card")
    expect(page.get_by_role("heading", name="已知弱点")).to_be_visible()
    expect(page.locator("main")).to_contain_text("的标注并非出自人，而是：模拟")
    expect(page.locator("main")).not_to_contain_text("not defined")
