"""Every page in both languages, on a phone and on a desk: accessible, within its width, no complaint."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.serving.web.browser.serving_for_real import Window, screenshot, violations, window
from tests.serving.web.visiting import a_customer_of

pytestmark = pytest.mark.slow

PAGES = {
    "search": "/",
    "search-nothing": "/?q=zzzz",
    "search-filtered": "/?grade=D&overdue=true&sort=-open_eur&limit=50",
    "customer": "/customers/{C}",
    "customer-default": "/customers/{E}",
    "simulator": "/simulator/{C}",
    "decision": "/simulator/{D}?amount=90000&terms=60&deposit=10",
    "simulator-fault": "/simulator/{C}?amount=12,0x",
    "prospect": "/prospect",
    "prospect-order": "/prospect?name=Essai&naf=43.21A&amount=3000&terms=30",
    "customer-order": "/customers/{D}?amount=9000&terms=60",
    "prospect-by-hand": "/prospect?by=hand",
    "portfolio": "/portfolio",
    "risk": "/risk",
    "cash": "/cash?by=sector&week=2",
    "provisions": "/provisions",
    "finance": "/finance",
    "stress": "/stress?scenario=five_largest_fail",
    "migration": "/migration",
    "alerts": "/alerts",
    "worklist": "/worklist",
    "worklist-line": "/worklist/{E}",
    "cases": "/cases",
    "reviews": "/cases?tab=reviews",
    "case-new": "/cases/new?customer={C}",
    "models": "/models",
    "policy": "/policy",
    "policy-edit": "/policy/edit",
    "views": "/views",
    "import": "/import",
    "users": "/admin/users",
    "keys": "/admin/keys",
    "outbox": "/admin/outbox?show=every",
    "audit": "/admin/audit",
    "not-found": "/customers/nobody",
}
STRANGERS = {"sign-in": "/sign-in?next=/worklist", "sign-in-failed": "/sign-in?failed=1"}
EXPECTED = "Failed to load resource: the server responded with a status of 404"


PRESSED = "button, .button, nav a, select, summary, input:not([type=hidden]):not([type=checkbox])"
SMALL = """pressed => [...document.querySelectorAll(pressed)]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML.slice(0, 120))"""


def address_of(path: str) -> str:
    for grade in "ABCDE":
        path = path.replace(f"{{{grade}}}", a_customer_of(grade))
    return path


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", [*PAGES, *STRANGERS])
def test_a_page_is_accessible_within_its_width_and_without_complaint(
    windows: Callable[[str, str | None], Window], tmp_path: Path, name: str, language: str
):
    found = windows(language, None if name in STRANGERS else "admin")
    page = found.open(address_of((PAGES | STRANGERS)[name]))
    assert page.locator("html").get_attribute("lang") == language
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        screenshot(page, f"{name}-{language}-{width}", tmp_path)
        assert violations(page) == []
    assert [one for one in found.complaints if EXPECTED not in one] == []


def test_what_is_not_accessible_is_found(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open("/prospect")
        page.evaluate("document.querySelector('main label').remove()")
        assert [one.split(":")[0] for one in violations(page)] == ["label"]


@pytest.mark.parametrize("name", ["search", "customer", "decision", "portfolio", "policy"])
def test_a_page_is_accessible_in_the_dark(browser: Browser, address: str, tmp_path: Path, name: str):
    with window(browser, address, width=390, scheme="dark") as found:
        page = found.open(address_of(PAGES[name]))
        screenshot(page, f"{name}-dark", tmp_path)
        assert violations(page) == []


@pytest.mark.parametrize("name", ["customer", "alerts", "worklist"])
def test_what_is_folded_is_accessible_when_it_is_opened(browser: Browser, address: str, name: str):
    with window(browser, address, width=390) as found:
        page = found.open(address_of(PAGES[name]))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []


@pytest.mark.parametrize("name", ["search", "customer", "decision", "prospect", "prospect-by-hand", "alerts"])
def test_what_is_pressed_is_large_enough_for_a_thumb(browser: Browser, address: str, name: str):
    with window(browser, address, width=390) as found:
        page = found.open(address_of(PAGES[name]))
        assert page.evaluate(SMALL, PRESSED) == []


def test_a_printed_customer_shows_what_is_folded_and_no_navigation(
    browser: Browser, address: str, tmp_path: Path
):
    with window(browser, address) as found:
        page = found.open(address_of(PAGES["customer"]))
        page.emulate_media(media="print")
        screenshot(page, "customer-print", tmp_path)
        assert not page.locator("header.top").is_visible()
        assert page.locator("details table.working").first.is_visible()


@pytest.mark.parametrize(("name", "sheets"), [("finance", 1), ("customer", 2)])
def test_a_page_prints_on_few_sheets(browser: Browser, address: str, name: str, sheets: int):
    with window(browser, address) as found:
        printed = found.open(address_of(PAGES[name])).pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
