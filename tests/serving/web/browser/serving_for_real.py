"""A real browser on a real server: one of each for all the tests that look at pages.

Chromium is the system's; the pages come from uvicorn on a free port of this machine, over two nights of a
small demo. Screenshots go to the folder that `ENCOURS_SCREENSHOTS` names, else to the tests' own.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from serving.app import create_app
from serving.settings import Settings
from serving.usecases.register_lookup import Lookups
from tests.models.fitted import fitted
from tests.serving.web.visiting import PEOPLE, with_people

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parents[1] / "axe" / "axe.min.js"
PATIENCE_MS = 10_000


def found_browser() -> str:
    """Return the system's browser."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError(
            f"no browser found: install one of {', '.join(BROWSERS)} (apt-get install chromium)"
        )
    return found


@contextmanager
def server(lookups: Lookups | None = None) -> Iterator[str]:
    """Serve the application in a thread and give its address; `lookups` as the environment says without."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # An application of its own: it closes its audit log when the server ends.
        settings = Settings(_env_file=None, rate_per_minute=0)  # type: ignore[call-arg]  # pydantic-settings' own
        app = create_app(settings, fitted().assessor, with_people().store, lookups)
        config = uvicorn.Config(app, log_level="error", ws="none")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not running.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


def launched(playwright: Playwright) -> Browser:
    # Root may not have a sandbox; the pages are our own.
    return playwright.chromium.launch(
        executable_path=found_browser(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )


@dataclass
class Window:
    """A page of the browser, with what it complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@contextmanager
def window(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    language: str = "fr",
    role: str | None = "analyst",
    scripts: bool = True,
    scheme: str = "light",
) -> Iterator[Window]:
    """Open a window of a person who is signed in already; nobody is where there is no role."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
        locale="fr-FR",
    )
    context.set_default_timeout(PATIENCE_MS)
    _cookies(context, address, language, role)
    found = Window(context.new_page(), address)
    found.page.on("console", found.note)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    try:
        yield found
    finally:
        context.close()


def _cookies(context: BrowserContext, address: str, language: str, role: str | None) -> None:
    context.add_cookies([{"name": "encours_lang", "value": language, "url": address}])
    if role is not None:
        token = with_people().store.begin_session(PEOPLE[role])
        context.add_cookies([{"name": "encours_session", "value": token, "url": address}])


LOOK = """async () => {
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
    return found.violations.flatMap(one => one.nodes.map(node => one.id + ': ' + node.html.slice(0, 160)));
}"""


def violations(page: Page) -> list[str]:
    """Return what axe holds against a page by WCAG 2 at levels A and AA."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(LOOK)
    return found


def screenshot(page: Page, name: str, folder: Path) -> None:
    kept = Path(os.environ.get("ENCOURS_SCREENSHOTS", folder))
    kept.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=kept / f"{name}.jpeg", type="jpeg", quality=80, full_page=True)
