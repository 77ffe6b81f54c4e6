"""Error pages in a real browser, the store taken away under it: accessible, and with a way to go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from serving.store import Store
from tests.serving.fakes import FakeAssessor, a_published_store, an_app
from tests.serving.running import running
from tests.serving.web.browser.serving_for_real import screenshot, violations

pytestmark = pytest.mark.slow

FOUND = {"403": "/models", "404": "/nowhere", "405": "/sign-out", "422": "/?offset=-1"}
NAVIGATION = "nav a[href='/worklist']"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = a_published_store(tmp_path)
    made.add_user("camille", "sales", "un mot de passe assez long")
    yield made
    made.close()


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    with running(an_app(store, FakeAssessor())) as found:
        yield found


@pytest.fixture(params=["fr", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str, store: Store) -> Iterator[Page]:
    """A page of somebody signed in, in either language."""
    context = browser.new_context()
    cookies = {"encours_lang": request.param, "encours_session": store.begin_session("camille")}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    found = context.new_page()
    found.goto(f"{address}/")
    assert found.locator("html").get_attribute("lang") == request.param
    yield found
    context.close()


def looked_at(page: Page, name: str, folder: Path) -> None:
    language = page.locator("html").get_attribute("lang")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        screenshot(page, f"error-{name}-{language}-{width}", folder)
        assert violations(page) == []
    assert page.locator("h1").count() == 1
    assert page.locator(NAVIGATION).is_visible()


@pytest.mark.parametrize("status", FOUND)
def test_an_error_keeps_the_way_on(page: Page, address: str, tmp_path: Path, status: str):
    answer = page.goto(address + FOUND[status])
    assert answer is not None
    assert str(answer.status) == status
    looked_at(page, status, tmp_path)


def test_with_the_store_away_the_page_says_so_and_the_way_on_stays(
    page: Page, address: str, store: Store, tmp_path: Path
):
    store.close()
    kept = tmp_path / "kept"
    kept.mkdir()
    for file in [one for one in tmp_path.iterdir() if one.name.startswith("encours.db")]:
        file.rename(kept / file.name)
    (tmp_path / "encours.db").mkdir()
    answer = page.goto(f"{address}/portfolio")
    assert answer is not None
    assert answer.status == 503
    looked_at(page, "503", tmp_path / "seen")
    (tmp_path / "encours.db").rmdir()
    for file in kept.iterdir():
        file.rename(tmp_path / file.name)
    page.click("a.button")
    assert page.locator("h1").inner_text() in {"Portefeuille", "Portfolio"}
