"""The admin by keyboard alone: everything is reached by Tab, and the focus is where a reader expects it."""

import pytest
from playwright.sync_api import Page, expect

from tests.faces.conftest import Site

MOST_STOPS = 120
FOCUSED = """() => {
    const at = document.activeElement;
    const label = at.labels && at.labels.length ? at.labels[0].innerText : "";
    return (at.getAttribute("aria-label") || label || at.innerText || at.value || "").trim();
}"""
OUTLINED = "() => { const seen = getComputedStyle(document.activeElement); return seen.outlineStyle + seen.boxShadow; }"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        # What is read of a link is what its style makes of the letters.
        if passed[-1].rstrip(":").lower() == name.lower():
            return
    pytest.fail(f"{name!r} is not reached by Tab, but {[each[:40] for each in passed]}.")


def press(page: Page, name: str) -> None:
    """Reach a link or a button by Tab, and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, name: str, text: str) -> None:
    """Reach a field by Tab, and write into it in place of what is there."""
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_a_rule_is_tested_and_an_object_moved_by_keyboard(page: Page, own_site: Site) -> None:
    """From the login to the object's history, without a mouse."""
    page.goto(own_site.address)
    page.keyboard.type(own_site.user)
    fill(page, "Password", own_site.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "Trigger rules")
    page.keyboard.press("Escape")
    press(page, "checksum")
    press(page, "Test against a sample")
    fill(page, "Or a sample", '{"type": "file.ingested", "data": {}}')
    press(page, "Test")
    expect(page.get_by_role("heading", name="The rule would")).to_be_visible()

    page.goto(f"{own_site.address}pipeline/job/?state__exact=failed")
    press(page, page.locator("#result_list tbody th a").first.inner_text())
    press(page, "retry")
    expect(page.get_by_text("is in the state “Queued”")).to_be_visible()
    tab_to(page, "cancel")
    assert page.evaluate(OUTLINED) != "nonenone"
    press(page, "History")
    expect(page.get_by_role("table", name="Transitions")).to_contain_text("retry")
