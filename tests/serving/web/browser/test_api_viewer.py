"""The page `/docs` in a real browser: it draws every operation, and its policy stops nothing it needs."""

import pytest
from playwright.sync_api import Browser

from tests.serving.web.browser.serving_for_real import window

pytestmark = pytest.mark.slow


def test_the_operations_are_shown_from_files_of_this_server_alone(browser: Browser, address: str):
    with window(browser, address, role=None) as found:
        asked: list[str] = []
        found.page.on("request", lambda request: asked.append(request.url))
        page = found.open("/docs")
        page.get_by_text("/v1/assessments", exact=True).first.wait_for()
        assert page.locator(".opblock").count() >= 20
        assert [url for url in asked if not url.startswith((address, "data:"))] == []
        assert found.complaints == []
