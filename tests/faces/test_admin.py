"""An operator reads in the admin what the pipeline did."""

import pytest
from playwright.sync_api import Page, expect

from tests.faces.conftest import Site, log_in


@pytest.fixture
def admin(page: Page, site: Site) -> Page:
    """Return a page on which the operator has logged in."""
    return log_in(page, site)


def test_the_failed_job_tells_its_reason(admin: Page) -> None:
    """The broken sample's job stands in the list of failed jobs with the reason kept."""
    admin.get_by_role("link", name="Jobs", exact=True).first.click()
    admin.get_by_role("link", name="Failed").click()
    rows = admin.locator("#result_list tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("broken.png")


def test_a_rule_shows_its_configuration(admin: Page) -> None:
    """From the list of rules the operator opens one and reads its configuration."""
    admin.get_by_role("link", name="Trigger rules").first.click()
    admin.locator("#result_list tbody th a").first.click()
    expect(admin.locator("#content")).to_contain_text("version")


@pytest.mark.parametrize("records", ["Occurrences", "Trigger events", "Deliveries"])
def test_what_happened_is_listed(admin: Page, records: str) -> None:
    """Occurrences, events and deliveries of the run each have a list with rows."""
    admin.get_by_role("link", name=records).first.click()
    expect(admin.locator("#result_list tbody tr").first).to_be_visible()
