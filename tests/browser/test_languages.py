"""Both languages on every main page: nothing untranslated, no bare key, and the choice is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.paths import BASE_DIR
from tests.browser.conftest import PASSWORD, NewContext
from tests.browser.server import Api
from tests.browser.test_loop import trained

PAGES = ("label", "overview", "agreement", "models", "playground", "playground?tab=use", "data", "settings")
AT_ONCE = 4
# What the interface says: its texts and the names that a screen reader hears, without what people and models wrote.
COLLECT = """() => {
    const written = '[lang]:not(html), code, pre, textarea, [class*=output], [class*=prompt], style, script, title';
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent.closest(written)) found.add(walker.currentNode.textContent.trim());
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        for (const element of document.querySelectorAll(`[${name}]`)) found.add(element.getAttribute(name).trim());
    return [...found].filter(text => text !== '');
}"""


def catalogue(language: str) -> dict[str, str]:
    """Every text of a language by its key."""
    texts: dict[str, str] = {}

    def flatten(part: dict[str, Any], path: str) -> None:
        for key, value in part.items():
            if isinstance(value, str):
                texts[f"{path}{key}"] = value
            else:
                flatten(value, f"{path}{key}.")

    for file in sorted((BASE_DIR / "frontend" / "src" / "i18n" / language).glob("*.json")):
        flatten(json.loads(file.read_text()), "")
    return texts


def untranslated(texts: list[str]) -> list[str]:
    """Texts that stand so, or with something filled in, in the English catalogue and not in the Chinese one."""
    chinese = set(catalogue("zh").values())
    patterns = []
    for text in set(catalogue("en").values()) - chinese:
        fixed = re.split(r"\{\{[^}]*\}\}", text)
        if max(len(re.findall(r"[A-Za-z]", part)) for part in fixed) >= 4:
            patterns.append(".+".join(map(re.escape, fixed)))
    english = re.compile("|".join(patterns))
    return [text for text in texts if english.fullmatch(text)]


def bare_keys(texts: list[str]) -> list[str]:
    """Keys of the catalogue that are shown instead of their text."""
    keys = {re.sub("_(one|other|zero)$", "", key) for key in catalogue("en") if "." in key}
    return [text for text in texts if text in keys or text.split(":")[-1] in keys]


def settled(page: Page) -> list[str]:
    """What the page says once nothing is loading any more."""
    expect(page.locator("main h1, main [role=tablist], main [role=radiogroup]").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    expect(page.locator("main [class*=Skeleton-root]:visible")).to_have_count(0)
    found: list[str] = page.evaluate(COLLECT)
    return found


def said(context: BrowserContext, paths: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What each page says; a few are opened at a time, so that they come to rest together."""
    for start in range(0, len(paths), AT_ONCE):
        opened = []
        for path in paths[start : start + AT_ONCE]:
            page = context.new_page()
            page.goto(path, wait_until="commit")
            opened.append((path, page))
        for path, page in opened:
            yield path, settled(page)
            page.close()


@pytest.fixture
def paths(api: Api, demo: str) -> list[str]:
    model = trained(api, demo)
    run = api.get(f"/projects/{demo}/training-runs/")["results"][0]["id"]
    inside = [*PAGES, f"models/{model}", f"runs/{run}"]
    return ["/", "/projects/new", "/account", "/users", *(f"/projects/{demo}/{part}" for part in inside)]


def test_no_page_shows_a_bare_key_or_english_in_chinese(
    new_context: NewContext, person: Callable[..., str], paths: list[str], api: Api, demo: str
) -> None:
    written = {question["title"] for question in api.get(f"/projects/{demo}/")["questions"]}
    written |= {project["name"] for project in api.get("/projects/", limit=1000)["results"]}
    context = new_context(person(superuser=True), PASSWORD, locale="zh-CN")
    wrong: dict[str, list[str]] = {}
    for path, texts in said(context, paths):
        assert any(re.search(r"[\u4e00-\u9fff]", text) for text in texts), path
        if found := sorted({*untranslated(texts), *bare_keys(texts)} - written):
            wrong[path] = found
    assert wrong == {}


def test_no_page_shows_a_bare_key_in_english(context: BrowserContext, paths: list[str]) -> None:
    wrong: dict[str, list[str]] = {}
    # The keys are the same in Chinese, where every page is looked at.
    for path, texts in said(context, paths[1::2]):
        if found := bare_keys(texts):
            wrong[path] = found
    assert wrong == {}


def test_the_chosen_language_is_kept_with_the_account(
    new_context: NewContext, person: Callable[..., str]
) -> None:
    name = person()
    page = new_context(name, PASSWORD).new_page()
    page.goto("/account")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitem", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(catalogue("zh")["nav.account"])
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(catalogue("zh")["nav.account"])
    elsewhere = new_context(name, PASSWORD).new_page()
    elsewhere.goto("/account")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text(catalogue("zh")["nav.account"])
