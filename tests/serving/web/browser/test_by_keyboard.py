"""The way a salesperson goes before signing: by keyboard alone, without scripts, in either language."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving.web.browser.serving_for_real import window
from tests.serving.web.visiting import PASSWORD, a_customer_of, with_people

pytestmark = pytest.mark.slow

MOST_TABS = 60


def tab_to(page: Page, what: str) -> None:
    """Press Tab until something of that selector has the focus, and see that the focus is seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", what):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", what
            return
    raise AssertionError(f"{MOST_TABS} times Tab did not lead to {what}")


def test_from_signing_in_to_a_decision_by_keyboard_alone(browser: Browser, address: str):
    customer_id = a_customer_of("C")
    name = with_people().store.customer(customer_id).row.name
    with window(browser, address, role=None) as found:
        page = found.open("/")
        expect(page).to_have_url(re.compile(r"/sign-in\?next=/"))
        tab_to(page, "#name")
        page.keyboard.type("camille")
        tab_to(page, "#password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Clients")
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"\?q="))
        tab_to(page, f"a[href='/customers/{customer_id}']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(name)
        tab_to(page, f"a[href='/simulator/{customer_id}']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Simuler une commande")
        tab_to(page, "#amount")
        page.keyboard.type("900")
        expect(page.locator("#decision .verdict")).to_be_visible()
        assert found.complaints == []


def test_the_content_is_one_key_away(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_the_decision_follows_what_is_typed(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open(f"/simulator/{a_customer_of('C')}")
        assert page.locator("#decision").get_attribute("aria-live") == "polite"
        page.fill("#amount", "900")
        expect(page.locator("#decision .verdict")).to_be_visible()
        first = page.locator("#decision").inner_text()
        page.fill("#amount", "900000")
        expect(page.locator("#decision")).not_to_have_text(first)
        page.check("#prepaid")
        expect(page.locator("#decision")).to_contain_text("n'augmente pas l'encours")
        assert "prepaid=1" in page.url
        page.reload()
        assert page.locator("#prepaid").is_checked()
        page.fill("#amount", "12,000")
        expect(page.locator("#decision")).to_contain_text("deux façons")
        assert found.complaints == []


def test_a_server_that_is_away_is_said_so(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open(f"/simulator/{a_customer_of('C')}")
        page.route("**/simulator/**", lambda route: route.abort())
        page.fill("#amount", "900")
        expect(page.locator("#decision")).to_contain_text("ne peut pas être demandée maintenant")


def test_without_scripts_the_form_is_sent(browser: Browser, address: str):
    with window(browser, address, scripts=False) as found:
        page = found.open(f"/simulator/{a_customer_of('C')}")
        page.fill("#amount", "900")
        page.click("button:has-text('Demander la décision')")
        expect(page.locator("#decision .verdict")).to_be_visible()
        page.goto(f"{address}/prospect?by=hand")
        page.fill("#name", "Essai SARL")
        page.fill("#siren", "123")
        page.click("button:has-text('Évaluer')")
        expect(page.locator("#siren")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#name")).to_have_value("Essai SARL")
        page.fill("#siren", "")
        page.click("button:has-text('Évaluer')")
        expect(page.locator("h1")).to_have_text("Réponse pour Essai SARL")


def test_the_language_is_switched_in_place(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open(f"/simulator/{a_customer_of('C')}?amount=900&terms=30")
        page.click("text=English")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#amount")).to_have_value("900")
        page.click("text=Customers")
        expect(page.locator("h1")).to_have_text("Customers")
        page.goto(f"{address}/prospect?by=hand")
        page.fill("#name", "Trial Ltd")
        page.click("button:has-text('Assess')")
        page.click("text=Français")
        expect(page.locator("h1")).to_have_text("Réponse pour Trial Ltd")


def test_signing_out_closes_the_pages(browser: Browser, address: str):
    with window(browser, address) as found:
        page = found.open("/")
        page.click("text=Se déconnecter")
        expect(page.locator("h1")).to_have_text("Se connecter")
        page.goto(f"{address}/portfolio")
        expect(page.locator("h1")).to_have_text("Se connecter")
