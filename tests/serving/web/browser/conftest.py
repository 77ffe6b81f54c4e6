from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.serving.web.browser.serving_for_real import Window, launched, server, window


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    with server() as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="package")
def windows(browser: Browser, address: str) -> Iterator[Callable[[str, str | None], Window]]:
    """Give one window a language and a role: tests that only look share them."""
    with ExitStack() as stack:
        opened: dict[tuple[str, str | None], Window] = {}

        def of(language: str, role: str | None) -> Window:
            if (language, role) not in opened:
                opened[language, role] = stack.enter_context(
                    window(browser, address, language=language, role=role)
                )
            found = opened[language, role]
            found.complaints.clear()
            return found

        yield of
