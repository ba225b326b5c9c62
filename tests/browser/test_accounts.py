"""People: new projects, invitations, tokens, passwords."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, NewContext
from tests.browser.server import COMPARISON, Api, Server, plain_lines


def test_a_wrong_password_is_told_and_the_right_one_leads_in(
    new_context: NewContext, person: Callable[..., str]
) -> None:
    name = person()
    page = new_context(None).new_page()
    page.goto("/account")
    page.get_by_label("User name").fill(name)
    page.locator("input[type=password]").fill("not it")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").last).to_be_visible()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Account")).to_be_visible()


def test_a_project_is_made_from_a_template(page: Page, api: Api) -> None:
    page.goto("/")
    page.get_by_role("link", name="New project").first.click()
    page.get_by_text("Translation", exact=True).click()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Name", exact=False).first.fill("Made from a template")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Questions")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Create the project").click()
    page.wait_for_url(re.compile(r"/projects/\d+/data$"))
    expect(page.get_by_text("Drop a file here, or click to choose one")).to_be_visible()
    project = api.get(f"/projects/{api.project_named('Made from a template')}/")
    templates = api.get("/templates/")
    templates = templates.get("results", templates) if isinstance(templates, dict) else templates
    wanted = next(one for one in templates if one["name"] == "translation")
    assert [one["name"] for one in project["questions"]] == [one["name"] for one in wanted["questions"]]


def test_an_invited_person_makes_an_account_and_labels(page: Page, new_context: NewContext, api: Api) -> None:
    project = api.new_project("With guests", questions=[COMPARISON], lines=plain_lines(3))
    page.goto(f"/projects/{project}/settings")
    page.get_by_role("tab", name="People").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_text(re.compile(r"^https?://\S+/invitations/\S+$")).inner_text()
    guest = new_context(None).new_page()
    guest.goto(link)
    expect(guest.get_by_text("Join “With guests”")).to_be_visible()
    guest.get_by_label("User name").fill("guest")
    guest.locator("input[type=password]").fill(PASSWORD)
    guest.get_by_role("button", name="Make the account and join").click()
    expect(guest.get_by_role("article", name="Output A")).to_be_visible()
    guest.keyboard.press("3")
    expect(guest.get_by_test_id("label-progress")).to_contain_text("1 saved · 0 unsent")
    assert [one["annotator"] for one in api.judgments(project)] == ["guest"]
    expect(guest.get_by_role("link", name="Models")).to_have_count(0)
    guest.goto(f"/projects/{project}/settings")
    expect(guest.get_by_text("Nothing here")).to_be_visible()


def test_an_access_token_works_until_it_is_revoked(
    new_context: NewContext, person: Callable[..., str], server: Server
) -> None:
    page = new_context(person(), PASSWORD).new_page()
    page.goto("/account")
    page.get_by_label("Name", exact=False).last.fill("my script")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_role("status").locator("code").inner_text()

    def ask() -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.get(f"{server.url}/api/v1/projects/", headers=headers).status_code

    assert ask() == 200
    page.get_by_role("row").filter(has_text="my script").get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row").filter(has_text="my script")).to_have_count(0)
    assert ask() == 401


def test_a_changed_password_is_the_one_that_counts(
    new_context: NewContext, person: Callable[..., str], server: Server
) -> None:
    name = person()
    page = new_context(name, PASSWORD).new_page()
    page.goto("/account")
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password").fill("another-secret-99")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    Api(server, name, "another-secret-99").client.close()


def test_labels_after_a_change_of_person_are_the_second_persons(
    new_context: NewContext, person: Callable[..., str], api: Api, server: Server
) -> None:
    project = api.new_project("One browser, two people", questions=[COMPARISON], lines=plain_lines(6))
    first, second = person(project=project), person(project=project)
    page = new_context(first, PASSWORD).new_page()
    page.goto(f"/projects/{project}/label")
    expect(page.get_by_role("article", name="Output A")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_test_id("label-progress")).to_contain_text("1 saved")
    page.get_by_role("button", name=f"Menu of {first}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(f"{server.url}/login")
    page.get_by_label("User name").fill(second)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name=f"Menu of {second}")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/")
    page.get_by_role("link", name="Label").first.click()
    expect(page.get_by_role("article", name="Output A")).to_be_visible()
    expect(page.get_by_test_id("label-progress")).to_contain_text("0 saved")
    page.keyboard.press("2")
    expect(page.get_by_test_id("label-progress")).to_contain_text("1 saved")
    assert [one["annotator"] for one in api.judgments(project)] == [first, second]
