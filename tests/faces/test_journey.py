"""An operator's journey through the admin, in a browser that runs no scripts."""

import json

from playwright.sync_api import Page, expect

from tests.faces.conftest import Site, log_in

RULE = {
    "version": "1.0",
    "pattern": {"type": ["desk.start"], "data": {"job": [{"numeric": [">", 0]}]}},
    "actions": [
        {"action": "transition", "input": {"model": "pipeline.job", "pk": "${data.job}", "transition": "start"}}
    ],
    "delivery": {"attempts": 1},
}


def happen(site: Site, job: str) -> None:
    """Let happen what the rule waits for, and a worker do what there is to do."""
    emission = f"from detent.trigger import emit; emit('desk.start', {{'job': {job}}}, source='desk')"
    site.manage("shell", "-c", emission)
    site.manage("detent", "worker", "--until-idle")


def test_from_a_new_rule_to_a_redriven_delivery(scriptless_page: Page, own_site: Site) -> None:
    """A rule is made and tested, its delivery fails, the object is moved, the delivery redriven, the history read."""
    page = log_in(scriptless_page, own_site)
    make_a_rule(page)
    try_samples(page)
    job = number_of_the_failed_job(page, own_site)
    happen(own_site, job)
    see_the_delivery_fail(page, own_site)
    move_the_job(page, own_site, job)
    redrive_the_delivery(page, own_site)
    own_site.manage("detent", "worker", "--until-idle")
    read_the_history(page, own_site, job)


def make_a_rule(page: Page) -> None:
    """Fill in the form, with a slip first."""
    page.get_by_role("link", name="Trigger rules").first.click()
    page.get_by_role("link", name="Add trigger rule").first.click()
    page.get_by_label("Name").fill("start what the desk asks for")
    page.get_by_label("Type").select_option("EVENT")
    page.get_by_label("Configuration").fill("{")
    page.get_by_role("button", name="Make the rule").click()
    expect(page.get_by_text("This is not JSON")).to_be_visible()
    page.get_by_label("Configuration").fill(json.dumps(RULE))
    page.get_by_role("button", name="Make the rule").click()
    expect(page.get_by_text("is made")).to_be_visible()


def try_samples(page: Page) -> None:
    """Try two samples, of which the rule is for one."""
    page.get_by_role("link", name="Test against a sample").click()
    page.get_by_label("Or a sample").fill('{"type": "desk.start", "data": {"job": 0}}')
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_role("heading", name="would not be triggered")).to_be_visible()
    page.get_by_label("Or a sample").fill('{"type": "desk.start", "data": {"job": 7}}')
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_role("heading", name="The rule would be triggered")).to_be_visible()
    expect(page.get_by_role("table", name="What the actions would get")).to_contain_text('"pk": 7')


def number_of_the_failed_job(page: Page, site: Site) -> str:
    """Find the job that failed, and return its number."""
    page.goto(f"{site.address}pipeline/job/?state__exact=failed")
    address = page.locator("#result_list tbody th a").first.get_attribute("href") or ""
    return address.partition("/job/")[2].partition("/")[0]


def see_the_delivery_fail(page: Page, site: Site) -> None:
    """Follow the rule's badge to the dead letter, and read why."""
    page.goto(f"{site.address}trigger/triggerrule/")
    row = page.locator("#result_list tbody tr").filter(has_text="start what the desk asks for")
    row.get_by_role("link", name="failing: 1 dead").click()
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("table", name="Attempts")).to_contain_text("isn't available from state 'failed'")


def move_the_job(page: Page, site: Site, job: str) -> None:
    """Put the failed job back into its queue, by a button."""
    page.goto(f"{site.address}pipeline/job/{job}/change/")
    page.get_by_role("button", name="retry").click()
    expect(page.get_by_text("is in the state “Queued”")).to_be_visible()


def redrive_the_delivery(page: Page, site: Site) -> None:
    """Retry all dead letters by the action of the list, after a look."""
    page.goto(f"{site.address}trigger/delivery/?state=dead")
    page.locator("input.action-select").first.check()
    page.get_by_label("Action:").select_option("redrive_selected")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("1 of 1 selected would be tried again")).to_be_visible()
    page.get_by_role("button", name="Retry 1").click()
    expect(page.get_by_text("1 delivery is tried again")).to_be_visible()


def read_the_history(page: Page, site: Site, job: str) -> None:
    """The worker has moved the job by the rule, and the history says so."""
    page.goto(f"{site.address}pipeline/job/{job}/history/")
    newest = page.get_by_role("table", name="Transitions").locator("tbody tr").first
    expect(newest).to_contain_text("start")
    expect(newest).to_contain_text("delivery:")
