"""Files in and out through the data page."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from tests.browser.server import COMPARISON, Api

ROWS = [
    {"question": f"What is {number} + {number}?", "answer_a": str(2 * number), "answer_b": "I do not know."}
    for number in range(1, 4)
]


def table() -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(ROWS[0]))
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue().encode()


def test_a_table_is_looked_at_imported_and_taken_back(page: Page, api: Api) -> None:
    project = api.new_project("Importing by hand", questions=[COMPARISON], lines=[])
    page.goto(f"/projects/{project}/data")
    page.get_by_role("tab", name="Import").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "sums.csv", "mimeType": "text/csv", "buffer": table()}
    )
    picker = page.get_by_role("region", name="Which column is what").or_(
        page.locator("section, [class*=Card]").filter(has_text="Which column is what")
    )
    expect(picker.first).to_be_visible()
    expect(page.get_by_label("Output 1").first).to_have_value("answer_a")
    expect(page.get_by_label("Output 2").first).to_have_value("answer_b")
    expect(page.get_by_text("What is 3 + 3?")).to_be_visible()
    assert api.get(f"/projects/{project}/")["prompts"] == 0
    page.get_by_role("button", name="Import 3 prompts").click()
    expect(page.get_by_text("Everything was imported.")).to_be_visible()
    assert api.get(f"/projects/{project}/")["prompts"] == 3
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("undone", exact=True)).to_be_visible()
    assert api.get(f"/projects/{project}/")["prompts"] == 0


def test_every_export_is_a_link_that_downloads(page: Page, demo: str) -> None:
    page.goto(f"/projects/{demo}/data")
    page.get_by_role("tab", name="Export").click()
    links = page.get_by_role("link", name="Download")
    expect(links).to_have_count(5)
    with page.expect_download() as download:
        links.first.click()
    path = download.value.path()
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert '"messages"' in first
    assert '"completions"' in first
