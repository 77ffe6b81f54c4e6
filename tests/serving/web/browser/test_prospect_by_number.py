"""A prospect by its number in a real browser: on a phone and a desk, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.serving.asked_registers import asked, insolvent, registers, sound
from tests.serving.registers.local_server import Reply, busy
from tests.serving.registers.samples import ONE, THREE, TWO, a_siren
from tests.serving.web.browser.serving_for_real import screenshot, server, violations, window

pytestmark = pytest.mark.slow

FOUR = a_siren(4)
CASES = {"found": ONE, "insolvent": TWO, "sole-trader": THREE, "away": FOUR, "unknown": a_siren(5)}
SMALL = """() => [...document.querySelectorAll('button, .button, .quiet, nav a, input:not([type=hidden])')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML.slice(0, 120))"""


def each_in_its_way(path: str) -> Reply:
    """Registers that know one, report one, hide one, are away for one and do not know the rest."""
    ways = {
        ONE: sound(),
        TWO: insolvent(TWO),
        THREE: sound(THREE, nature_juridique="1000"),
        FOUR: lambda _: busy(503),
    }
    siren = next((one for one in ways if one in path), None)
    return (registers(None) if siren is None else ways[siren])(path)


@pytest.fixture(scope="module")
def with_registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with asked(each_in_its_way, tmp_path_factory.mktemp("kept")) as (lookups, _), server(lookups) as address:
        yield address


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", CASES)
def test_what_was_looked_up_is_accessible_and_within_its_width(
    browser: Browser, with_registers: str, tmp_path: Path, case: str, language: str
):
    with window(browser, with_registers, language=language) as found:
        page = found.open("/prospect")
        page.fill("#siren", CASES[case])
        page.keyboard.press("Enter")
        expect(page.locator("#turnover")).to_be_visible()
        assert page.locator("html").get_attribute("lang") == language
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            screenshot(page, f"prospect-{case}-{language}-{width}", tmp_path)
            assert violations(page) == []
        assert page.evaluate(SMALL) == []
        assert found.complaints == []


def test_without_scripts_a_number_is_answered_and_the_filled_form_is_sent_again(
    browser: Browser, with_registers: str
):
    with window(browser, with_registers, width=390, scripts=False) as found:
        page = found.open("/prospect")
        page.fill("#siren", ONE)
        page.click("button:has-text('Évaluer')")
        expect(page.locator("#headcount")).to_have_value("34,5")
        page.fill("#amount", "900")
        page.click("button:has-text('Évaluer')")
        expect(page.locator("#amount")).to_have_value("900")
        expect(page.locator("h1")).to_have_text("Réponse pour ESSAI DES BOIS")


def test_a_value_is_corrected_beside_what_the_register_says(browser: Browser, with_registers: str):
    with window(browser, with_registers, width=390) as found:
        page = found.open("/prospect")
        page.fill("#siren", f" {ONE[:3]} {ONE[3:6]} {ONE[6:]} ")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Réponse pour ESSAI DES BOIS")
        expect(page.locator("#naf-says")).to_contain_text("Annuaire des entreprises, au 15/01/2026")
        page.fill("#naf", "62.01Z")
        page.click("#form button")
        expect(page.locator("#naf")).to_have_value("62.01Z")
        expect(page.locator("#naf-says")).to_contain_text("Le registre dit 43.21A")
        assert found.complaints == []


def test_a_wrong_key_is_told_at_the_field(browser: Browser, with_registers: str, tmp_path: Path):
    with window(browser, with_registers, width=390) as found:
        page = found.open("/prospect")
        page.fill("#siren", "900000018")
        page.keyboard.press("Enter")
        expect(page.locator("#siren")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#siren-says")).to_contain_text("clé de contrôle")
        expect(page.locator("#siren")).to_have_value("900000018")
        screenshot(page, "prospect-wrong-key", tmp_path)
        assert violations(page) == []
