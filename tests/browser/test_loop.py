"""From labels to agreement, to a model, to rewards and files for training."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.server import Api

RUN_SECONDS = 120


def trained(api: Api, project: str) -> str:
    """The id of the champion; trains a first linear model where there is none."""
    models = api.get(f"/projects/{project}/reward-models/")["results"]
    champion = next((one["id"] for one in models if one["status"] == "champion"), None)
    if champion is not None:
        return str(champion)
    run = api.post(
        f"/projects/{project}/training-runs/",
        {
            "model": {"kind": "linear"},
            "data": {"questions": [], "annotator_kinds": ["human", "simulated"]},
            "evaluation": {"scheme": "holdout", "test_fraction": 0.2},
        },
    )
    end = time.monotonic() + RUN_SECONDS
    while run["status"] in {"queued", "running"} and time.monotonic() < end:
        time.sleep(0.5)
        run = api.get(f"/training-runs/{run['id']}/")
    assert run["status"] == "succeeded", run
    return str(run["reward_model"])


@pytest.fixture
def champion(api: Api, demo: str) -> str:
    return trained(api, demo)


def test_the_annotator_who_always_takes_the_first_stands_out(page: Page, demo: str) -> None:
    page.goto(f"/projects/{demo}/agreement")
    page.get_by_text("Simulated", exact=True).click()
    expect(page.get_by_text(re.compile(r"Simulated annotators agree \d+\s?% of the time"))).to_be_visible()
    standing_out = page.get_by_role("alert").filter(has_text="Takes the first shown output")
    expect(standing_out).to_have_count(1)
    expect(standing_out).to_contain_text("sim-first")
    expect(page.get_by_text("a program made their labels up")).to_be_visible()


def test_retraining_shows_its_log_and_how_many_labels_are_mine(
    context: BrowserContext, api: Api, demo: str
) -> None:
    page = context.new_page()
    page.goto(f"/projects/{demo}/label")
    expect(page.get_by_role("article", name="Output A")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_test_id("label-progress")).to_contain_text("1 saved")
    mine = len([one for one in api.judgments_of(demo, "demo") if one["status"] == "submitted"])
    page.goto(f"/projects/{demo}/models")
    page.get_by_role("button", name=re.compile("^(Retrain|Train the first model)$")).click()
    dialog = page.get_by_role("dialog", name="Train a model")
    expect(dialog).to_contain_text(f"{mine} of them yours")
    dialog.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    log = page.locator("pre, code, [class*=ScrollArea-viewport]").last
    seen = page.get_by_role("link", name="See the model")
    expect(seen).to_be_visible(timeout=RUN_SECONDS * 1000)
    expect(log).not_to_be_empty()
    expect(page.get_by_text(re.compile(rf"\d human of which {mine} yours, [\d,]+ simulated"))).to_be_visible()
    seen.click()
    page.wait_for_url(re.compile(r"/models/\d+$"))


def test_a_model_stands_beside_simple_rules_and_people(page: Page, demo: str, champion: str) -> None:
    page.goto(f"/projects/{demo}/models/{champion}")
    expect(page.get_by_role("heading", name=re.compile("^Beside ")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"in [\d.]+\s?% of \d+ held-out pairs")).first).to_be_visible()
    for row in ("length alone", "style alone", "source alone"):
        expect(page.get_by_text(row).first).to_be_visible()
    expect(page.get_by_text("one predicted by the others").first).to_be_visible()
    for figure in ("Accuracy", "Recall", "F1", "Length-balanced accuracy"):
        expect(page.get_by_text(figure).first).to_be_visible()


@pytest.mark.parametrize("language", ["English", "Chinese"])
def test_padding_an_answer_changes_its_reward(page: Page, demo: str, champion: str, language: str) -> None:
    page.goto(f"/projects/{demo}/playground")
    page.get_by_role("button", name=f"{language} example").click()
    output = page.get_by_role("region", name="Output A")
    expect(output.get_by_text(re.compile(r"^Reward [+−-]?\d"))).to_be_visible()
    prompt = " ".join(
        page.get_by_role("textbox", name="Prompt").evaluate_all("all => all.map(one => one.value)")
    )
    assert bool(re.search(r"[\u4e00-\u9fff]", prompt)) == (language == "Chinese")
    output.get_by_role("button", name="Pad this answer").click()
    change = output.get_by_text(re.compile(r"^Padding: .+ → .+ \(.+\)$"))
    expect(change).to_be_visible()
    before, after = re.findall(r"[−-]?\d+\.\d+", change.inner_text())[:2]
    assert before != after
    expect(output.get_by_text("What moved it")).to_be_visible()


def test_code_for_grpo_and_the_preference_file_are_one_click_away(page: Page, demo: str) -> None:
    page.goto(f"/projects/{demo}/playground")
    page.get_by_role("tab", name="Use it").click()
    expect(page.get_by_text("GRPOTrainer").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Preference pairs for TRL")).click()
    assert download.value.failure() is None
    assert download.value.suggested_filename.endswith(".jsonl")


def test_a_scoring_key_fills_the_code_in_and_scores(page: Page, api: Api, demo: str, champion: str) -> None:
    page.goto(f"/projects/{demo}/playground?tab=use")
    page.get_by_label("Name").fill("my run")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("Your new key is filled in.")).to_be_visible()
    code = page.locator("code, pre").filter(has_text="GRPOTrainer").first.inner_text()
    address = re.search(r"https?://\S+?/get_reward", code)
    assert address
    answer = api.client.post(address[0], json={"query": ["Hello. Hi there."], "prompts": ["Hello."]})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["rewards"]) == 1
