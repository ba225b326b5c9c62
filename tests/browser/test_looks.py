"""Small screens, dark colours, and the pictures in the documentation."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from config.paths import BASE_DIR
from tests.browser.conftest import NewContext
from tests.browser.server import Api
from tests.browser.test_loop import trained

PICTURES = BASE_DIR / "docs" / "screenshots"
LARGEST_PICTURE = 250_000
CONTRAST = """() => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const luminance = colour => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
            .map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const {color, backgroundColor} = getComputedStyle(document.body);
    const [text, ground] = [luminance(color), luminance(backgroundColor)];
    return {ground, contrast: (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)};
}"""


def open_task(page: Page, project: str) -> None:
    page.goto(f"/projects/{project}/label")
    expect(page.get_by_role("article", name=re.compile("^Output A$"))).to_be_visible()
    expect(page.locator("[data-answer]").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("name", ["which answer is better?", "rating translations", "ranking replies"])
def test_labelling_fits_a_narrow_screen(new_context: NewContext, api: Api, name: str) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    open_task(page, api.project_named(f"Demo: {name}"))
    assert sticks_out(page) <= 0
    for answer in page.locator("[data-answer] button:visible").all():
        box = answer.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("part", ["overview", "agreement", "models", "playground", "data", "settings"])
def test_the_other_pages_fit_a_narrow_screen(new_context: NewContext, demo: str, part: str) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"/projects/{demo}/{part}")
    page.wait_for_load_state("networkidle")
    assert sticks_out(page) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_can_be_read(new_context: NewContext, demo: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    open_task(page, demo)
    colours = page.evaluate(CONTRAST)
    assert (colours["ground"] < 0.1) == (scheme == "dark")
    assert colours["contrast"] >= 7


@pytest.mark.skipif(not os.environ.get("PLAUDIT_SCREENSHOTS"), reason="PLAUDIT_SCREENSHOTS is not set")
def test_pictures_for_the_documentation(new_context: NewContext, api: Api, demo: str) -> None:
    model = trained(api, demo)
    page = new_context(color_scheme="light").new_page()
    PICTURES.mkdir(parents=True, exist_ok=True)

    def take(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(600)  # charts and pop-ups come to rest
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        assert path.stat().st_size < LARGEST_PICTURE

    open_task(page, demo)
    page.keyboard.press("2")
    expect(page.get_by_test_id("label-progress")).to_contain_text("1 saved")
    take("label")
    page.goto(f"/projects/{demo}/agreement")
    page.get_by_text("Simulated", exact=True).click()
    standing_out = page.get_by_role("alert").filter(has_text="sim-first")
    expect(standing_out).to_be_visible()
    standing_out.scroll_into_view_if_needed()
    take("agreement")
    page.goto(f"/projects/{demo}/overview")
    take("overview")
    page.goto(f"/projects/{demo}/settings?tab=queue")
    take("settings")
    page.goto(f"/projects/{demo}/trust")
    expect(page.get_by_text("sim-reversed").first).to_be_visible()
    take("trust")
    page.goto(f"/projects/{demo}/review")
    expect(page.get_by_text("Contested").first).to_be_visible()
    take("review")
    page.goto(f"/projects/{demo}/models/{model}")
    take("models")
    page.goto(f"/projects/{demo}/playground")
    page.get_by_role("button", name="English example").click()
    output = page.get_by_role("region", name="Output A")
    output.get_by_role("button", name="Pad this answer").click()
    expect(output.get_by_text(re.compile("^Padding: "))).to_be_visible()
    output.scroll_into_view_if_needed()
    take("playground")
