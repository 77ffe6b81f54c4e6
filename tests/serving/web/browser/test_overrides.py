"""An analyst sets a limit on the customer's page and takes it back, on a phone, without scripts too."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.serving.web.browser.serving_for_real import screenshot, violations, window
from tests.serving.web.visiting import a_customer_of, with_people

pytestmark = pytest.mark.slow

SET, WITHDRAW = "summary:has-text('Fixer un plafond')", "summary:has-text('Retirer')"
SMALL = """() => [...document.querySelectorAll('button, summary, input:not([type=hidden]), select, textarea')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def customer_id() -> Iterator[str]:
    found, store = a_customer_of("B"), with_people().store
    yield found
    for one in store.overrides(found):
        if one.withdrawn_at is None:
            store.withdraw_override(one.override_id, "dominique", "end of the test, taken back")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_limit_is_refused_with_its_faults_then_set_then_taken_back(
    browser: Browser, address: str, customer_id: str, tmp_path: Path, *, scripts: bool
):
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    with window(browser, address, width=390, role="analyst", scripts=scripts) as found:
        page = found.open(f"/customers/{customer_id}")
        page.click(SET)
        page.fill("#limit-value", "900000000")
        page.fill("#limit-reason", "court")
        page.click("button:has-text('Fixer le plafond')")
        expect(page.locator("#limit-value")).to_have_value("900000000")
        expect(page.locator("[aria-invalid=true]")).to_have_count(3)
        page.fill("#limit-value", "1000")
        page.fill("#limit-until", until.isoformat())
        page.fill("#limit-reason", "une garantie de la maison mère est au dossier")
        page.click("button:has-text('Fixer le plafond')")
        expect(page.locator(".state-in_force")).to_have_count(1)
        expect(page.locator(".key")).to_contain_text("1 000")
        page.click(WITHDRAW)
        page.fill("textarea[id^=withdraw]", "la garantie est arrivée à son terme")
        page.click("button:has-text('Retirer')")
        expect(page.locator(".state-in_force")).to_have_count(0)
        expect(page.locator("section[aria-labelledby=override]")).to_contain_text("arrivée à son terme")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_forms_and_their_faults_are_accessible_and_within_their_width(
    browser: Browser, address: str, customer_id: str, tmp_path: Path, language: str
):
    with window(browser, address, width=390, role="analyst", language=language) as found:
        page = found.open(f"/customers/{customer_id}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.fill("#grade-reason", "court")
        page.locator("#grade-value").evaluate("one => one.form.submit()")
        expect(page.locator("#grade-reason")).to_have_value("court")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            screenshot(page, f"overrides-{language}-{width}", tmp_path)
            assert violations(page) == []
        assert page.evaluate(SMALL) == []


def test_sales_sees_no_form(browser: Browser, address: str, customer_id: str):
    with window(browser, address, role="sales") as found:
        page = found.open(f"/customers/{customer_id}")
        expect(page.locator("#limit-value")).to_have_count(0)
        assert found.complaints == []
