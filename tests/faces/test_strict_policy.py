"""The admin under a content security policy that allows nothing but files of its own."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.faces.conftest import Site, log_in

POLICY = "default-src 'self'; form-action 'self'; frame-ancestors 'none'"
PAGES = (
    *("trigger/triggerrule/", "trigger/triggerrule/add/", "trigger/triggerrule/{rule}/change/"),
    *("trigger/triggerrule/{rule}/test/", "trigger/triggerrule/{rule}/history/", "trigger/triggerrule/{rule}/revise/"),
    *("trigger/triggerevent/", "trigger/delivery/", "trigger/occurrence/", "xworkflow_log/transitionlog/"),
    *("pipeline/job/", "pipeline/job/workflow/", "pipeline/job/workflow/times/"),
)


def keep_to_policy(route: Route) -> None:
    """Answer as the server does, with the policy."""
    response = route.fetch(max_redirects=0)
    route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})


@pytest.mark.parametrize("address", PAGES)
def test_nothing_on_a_page_is_refused(page: Page, site: Site, address: str) -> None:
    """The browser complains of nothing; the style sheet is there."""
    page.route("**/*", keep_to_policy)
    log_in(page, site)
    page.goto(f"{site.address}trigger/triggerrule/")
    rule = page.locator("#result_list tbody th a").first.get_attribute("href") or ""
    page.goto(f"{site.address}{address.format(rule=rule.split('/')[-3])}")

    expect(page.locator('link[href$="detent_workflow/admin.css"]')).to_have_count(1)
