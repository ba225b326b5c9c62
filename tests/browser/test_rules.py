"""Rules and weighted sums: edited, tried on a sample, trained, and seen in an explanation."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.browser.server import COMPARISON, Api

RUN_SECONDS = 120
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def dialog_of(page: Page, project: str) -> Locator:
    page.goto(f"/projects/{project}/models?retrain=1")
    return page.get_by_role("dialog", name="Train a model")


def rule(dialog: Locator, number: int) -> Locator:
    """The card of a rule, by its place."""
    return dialog.get_by_role("group", name="Rules").get_by_role("listitem").nth(number - 1)


def add_by_keys(dialog: Locator, downs: int) -> None:
    """Add a rule of the kind that stands so many places down the menu."""
    dialog.get_by_role("button", name="Add a rule").focus()
    page = dialog.page
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_visible()
    for _ in range(downs + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_rules_are_tried_then_trained_in_a_sum_and_show_where_they_were_found(
    context: BrowserContext, api: Api, demo: str
) -> None:
    page = context.new_page()
    dialog = dialog_of(page, demo)
    dialog.get_by_role("radio", name="rules", exact=True).check()
    expect(rule(dialog, 2)).to_contain_text("No repetition")

    add_by_keys(dialog, 1)
    expression = rule(dialog, 3).get_by_role("textbox", name="Expression")
    expect(expression).to_be_focused()
    page.keyboard.type("(")
    dialog.get_by_role("button", name="Try on a sample").click()
    expect(rule(dialog, 3)).to_contain_text("This is no regular expression: missing )")
    expect(expression).to_have_attribute("aria-invalid", "true")

    expression.fill("(.|..)+$(?<=~)")
    dialog.get_by_role("button", name="Try on a sample").click()
    expect(rule(dialog, 3)).to_contain_text("The expression took too long on 3 outputs")
    expect(dialog.get_by_text("so the sum is not known")).to_be_visible()

    expression.fill(r"\b[Tt]he\b|的")
    expect(dialog.get_by_text("Something was changed since")).to_be_visible()
    dialog.get_by_role("button", name="Try on a sample").click()
    expect(dialog.get_by_text(re.compile(r"prefer in [\d.]+\s?% of [\d,]+ decided pairs"))).to_be_visible()
    expect(dialog.get_by_text("not a held-out figure")).to_be_visible()
    expect(rule(dialog, 3)).to_contain_text(re.compile(r"Holds for \d+\s?% \(\d+ of \d{3} outputs\)"))
    rule(dialog, 3).get_by_role("button", name="Examples of rule 3").click()
    hit = rule(dialog, 3).locator("mark[data-kind=hit]").first
    expect(hit).to_have_text(re.compile("^(The|the|的)$"))
    assert violations(page) == []

    up = dialog.get_by_role("button", name="Move rule 3 up")
    up.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Move rule 2 up")).to_be_focused()
    expect(rule(dialog, 2)).to_contain_text("Holds for")
    rule(dialog, 2).get_by_label("Name").fill("says the")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    dialog = dialog_of(page, demo)
    expect(dialog.get_by_role("radio", name="rules", exact=True)).to_be_checked()
    expect(rule(dialog, 2).get_by_label("Name")).to_have_value("says the")

    dialog.get_by_role("radio", name="weighted sum").check()
    total = dialog.get_by_role("group", name="Weighted sum")
    expect(total.get_by_role("button", name="Options: Linear model")).to_be_visible()
    total.get_by_role("button", name="Options: Rules").click()
    for number in (2, 1):
        total.get_by_role("button", name=f"Remove rule {number}", exact=True).click()
    dialog.get_by_role("button", name="Start training").click()
    expect(total.get_by_text("Add at least one rule.")).to_be_visible()
    add_by_keys(dialog, 2)
    page.keyboard.type("zebra")
    total.get_by_role("group", name="Rules").get_by_role("textbox", name="Weight", exact=True).fill("-2")
    assert violations(page) == []
    dialog.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    expect(page.get_by_role("link", name="See the model")).to_be_visible(timeout=RUN_SECONDS * 1000)
    model = api.get(f"/projects/{demo}/reward-models/")["results"][0]
    assert model["kind"] == "composite"
    assert [part["model"]["kind"] for part in model["recipe"]["model"]["parts"]] == ["rules", "linear"]
    api.post(f"/reward-models/{model['id']}/promote/", {})

    page.goto(f"/projects/{demo}/playground")
    page.get_by_role("textbox", name="Prompt").fill("What has stripes?")
    page.get_by_role("textbox", name="Output A").fill("😀 A zebra, and <b>Zebra</b>.")
    page.get_by_role("textbox", name="Output B").fill("A horse.")
    page.get_by_role("button", name="Score", exact=True).click()
    found = page.get_by_role("region", name="Output A").get_by_test_id("rule-hits")
    expect(found.locator("mark")).to_have_text(["zebra1", "Zebra1"])
    expect(found).to_contain_text("1. says any of: zebra")
    expect(page.get_by_role("region", name="Output B").get_by_test_id("rule-hits")).to_have_count(0)


def test_what_outputs_say_stays_text_on_a_small_dark_chinese_screen(
    new_context: NewContext, api: Api
) -> None:
    evil = "<img src=x onerror=alert(1)> [here](javascript:alert(1)) " + "x" * 400
    lines = [
        {"id": "p1", "prompt": "?", "completions": [{"id": "a", "text": evil}, {"id": "b", "text": "no"}]}
    ]
    project = api.new_project("hostile outputs", questions=[COMPARISON], lines=lines)
    context = new_context(locale="zh-CN", color_scheme="dark", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"/projects/{project}/models?retrain=1")
    dialog = page.get_by_role("dialog", name="训练模型")
    dialog.get_by_role("radio", name="规则", exact=True).check()
    for _ in range(2):
        dialog.get_by_role("button", name="删除规则 1").click()
    dialog.get_by_role("button", name="试用").click()
    expect(dialog.get_by_text("请至少添加一条规则。")).to_be_visible()
    dialog.get_by_role("button", name="添加规则").click()
    page.get_by_role("menuitem", name="词语和短语").click()
    dialog.get_by_label("词语或短语").fill("onerror")
    dialog.get_by_role("button", name="试用").click()
    expect(dialog.get_by_text("样本中没有一对输出由所选类别的标注得出定论")).to_be_visible()
    dialog.get_by_role("button", name="规则 1 的例子").click()
    expect(dialog.locator("mark")).to_have_text(["onerror"])
    expect(dialog.get_by_text("<img src=x")).to_be_visible()
    assert dialog.locator("img, a[href^=javascript]").count() == 0
    assert page.evaluate(TOO_WIDE) <= 0
    inside = dialog.evaluate("one => one.scrollWidth - one.clientWidth")
    assert inside <= 0
    assert violations(page) == []
