"""Marking passages, rewriting, and saying why, over Markdown that moves offsets."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.server import COMPARISON, Api, plain_lines
from tests.browser.test_labelling import expect_progress, stored

TEXT = "👍🏽 It **really *does* cost** AT&amp;T 5 𠀀 [dollars](https://example.org/x) a day.\n\n> A second line here.\n"
HIGHLIGHT = {
    "name": "mistakes",
    "kind": "highlight",
    "title": "Mark the mistakes",
    "required": True,
    "labels": ["wrong", "style"],
}
REWRITE = {"name": "better", "kind": "rewrite", "title": "Correct the answer", "required": True}
COMMENT = {"name": "remark", "kind": "comment", "title": "Anything to add?", "required": False}


def open_task(
    context: BrowserContext, api: Api, name: str, questions: list[dict[str, Any]], texts: list[str]
) -> tuple[Page, str]:
    """The labelling page of a new project with one prompt and these outputs, and the project's id."""
    completions = [{"id": f"c{place}", "text": text} for place, text in enumerate(texts)]
    lines = [{"id": "p", "prompt": "What does it cost?", "completions": completions}]
    project = api.new_project(name, questions=questions, lines=lines)
    api.call("PATCH", f"/projects/{project}/", json={"shuffle": False})
    page = context.new_page()
    page.goto(f"/projects/{project}/label")
    expect(page.get_by_role("article", name="Output A")).to_be_visible()
    expect(page.locator("[data-answer], textarea").first).to_be_visible()
    return page, project


def select(page: Page, output: Locator, start: str, end: str) -> None:
    """Drag the mouse from the first to the last of two texts on the page."""
    boxes = [
        output.locator("[data-completion]").evaluate(
            """(root, [word, behind]) => {
                const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(word);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + word.length);
                    const box = range.getBoundingClientRect();
                    const x = behind ? box.right - 1 : box.left + 1;
                    return [x, box.top + box.height / 2];
                }
            }""",
            [word, behind],
        )
        for word, behind in ((start, False), (end, True))
    ]
    page.mouse.move(*boxes[0])
    page.mouse.down()
    page.mouse.move(*boxes[1], steps=5)
    page.mouse.up()


def spans_of(api: Api, project: str) -> list[tuple[str, str, str]]:
    """The marked texts, labels and comments of the last judgment, cut from the text by code points."""
    spans = api.judgments(project)[-1]["answers"]["mistakes"]["spans"]
    return [(TEXT[span["start"] : span["end"]], span["label"], span["comment"]) for span in spans]


def test_passages_are_marked_by_mouse_and_stored_by_code_points(context: BrowserContext, api: Api) -> None:
    page, project = open_task(context, api, "Marking by mouse", [HIGHLIGHT], [TEXT, "Nothing."])
    output = page.get_by_role("article", name="Output A")
    select(page, output, "really", "5")
    page.get_by_role("toolbar", name="Mark the selection as").get_by_text("wrong").click()
    expect(output.locator("mark[data-kind~='label-0']").first).to_be_visible()
    select(page, output, "dollars", "dollars")
    page.keyboard.press("2")
    select(page, output, "cost", "line")
    page.keyboard.press("2")
    expect(output.locator("[data-mark-label]")).to_have_text(["wrong", "style", "style"])
    page.get_by_label("Comment on “really *does* cost** AT&amp;T 5”").fill("too much")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    assert spans_of(api, project) == [
        ("really *does* cost** AT&amp;T 5", "wrong", "too much"),
        ("cost** AT&amp;T 5 𠀀 [dollars](https://example.org/x) a day.\n\n> A second line", "style", ""),
        ("dollars", "style", ""),
    ]


def test_marks_come_back_with_an_earlier_label_and_can_be_changed(context: BrowserContext, api: Api) -> None:
    page, project = open_task(context, api, "Marks come back", [HIGHLIGHT], [TEXT, "Nothing."])
    output = page.get_by_role("article", name="Output A")
    select(page, output, "dollars", "dollars")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    page.reload()
    page.get_by_role("button", name="Look at my labels").click()
    expect(output.locator("mark [data-start]")).to_have_text("dollars")
    page.keyboard.press("m")
    expect(output.locator("mark [data-start]")).to_have_text("dollars")
    output.locator("mark[data-mark]").click()
    page.keyboard.press("2")
    expect(output.locator("[data-mark-label]")).to_have_text("style")
    page.keyboard.press("u")
    expect(output.locator("[data-mark-label]")).to_have_text("wrong")
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    expect(output.locator("[data-mark]")).to_have_count(0)
    page.keyboard.press("0")
    with stored(page):
        page.keyboard.press("Enter")
    assert spans_of(api, project) == []


def test_passages_are_marked_by_keys_alone(context: BrowserContext, api: Api) -> None:
    page, project = open_task(context, api, "Marking by keys", [HIGHLIGHT], ["Nothing.", TEXT])
    output = page.get_by_role("article", name="Output B")
    page.keyboard.press("v")
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("1")
    expect(output.locator("[data-mark-label]")).to_have_text("wrong")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    expect(output.locator("[data-mark-label]")).to_have_text(["wrong", "style"])
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    assert spans_of(api, project) == [
        ("really *does", "wrong", ""),
        ("A second line here.", "style", ""),
    ]


def test_that_nothing_is_to_be_marked_is_an_answer(context: BrowserContext, api: Api) -> None:
    page, project = open_task(context, api, "Nothing to mark", [HIGHLIGHT], [TEXT])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Still to answer: Mark the mistakes")).to_be_visible()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect_progress(page, "1 saved · 0 unsent")
    assert spans_of(api, project) == []


def test_an_output_is_rewritten_beside_other_questions(context: BrowserContext, api: Api) -> None:
    questions = [REWRITE, {**HIGHLIGHT, "required": False}, COMMENT]
    page, project = open_task(context, api, "Rewriting", questions, ["It cost five dollar 👍.", TEXT])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Still to answer: Correct the answer")).to_be_visible()
    expect(page.get_by_role("button", name="Output A")).to_be_visible()
    page.keyboard.press("a")
    area = page.get_by_label("Improved text of output A")
    expect(area).to_be_focused()
    area.fill("It costs five dollars 👍.")
    page.reload()
    expect(area).to_have_value("It costs five dollars 👍.")
    expect(page.get_by_test_id("rewrite-count")).to_have_text("2 words added · 2 words taken away")
    diff = page.get_by_role("group", name="What was changed")
    expect(diff.locator("ins")).to_have_text(["costs", "dollars"])
    expect(diff.locator("del")).to_have_text(["cost", "dollar"])
    page.keyboard.press("Escape")
    select(page, page.get_by_role("article", name="Output B"), "really", "really")
    page.keyboard.press("Control+Enter")
    expect_progress(page, "1 saved · 0 unsent")
    judgment = api.judgments(project)[-1]
    assert judgment["answers"] == {
        "better": {"completion": judgment["shown"][0], "text": "It costs five dollars 👍."}
    }


def test_a_reason_is_given_by_one_more_key_after_a_choice(context: BrowserContext, api: Api) -> None:
    project = api.new_project("Reasons", questions=[COMPARISON], lines=plain_lines(3))
    api.call("PATCH", f"/projects/{project}/", json={"reasons": ["wrong", "unsafe"]})
    page = context.new_page()
    page.goto(f"/projects/{project}/label")
    expect(page.get_by_role("button", name="A much better")).to_be_visible()
    why = page.get_by_role("group", name="Why your last choice?")
    page.keyboard.press("1")
    page.keyboard.press("Shift+Digit2")
    expect(why.get_by_role("button", name="Reason: unsafe", pressed=True)).to_be_visible()
    expect_progress(page, "1 saved · 0 unsent")
    page.keyboard.press("2")
    expect_progress(page, "2 saved · 0 unsent")
    page.keyboard.press("Shift+Digit1")
    expect(why.get_by_role("button", name="Reason: wrong", pressed=True)).to_be_visible()
    page.keyboard.press("3")
    expect_progress(page, "3 saved · 0 unsent")
    current = [one for one in api.judgments(project) if not one["superseded"]]
    reasons = {next(iter(one["answers"].values()))["strength"]: one["reason"] for one in current}
    assert reasons == {3: "unsafe", 2: "wrong", 1: ""}
