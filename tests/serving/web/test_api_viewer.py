"""The page `/docs` works without a network: every file that it loads is served here."""

import re

import pytest

from serving.app import create_app
from serving.settings import Settings
from tests.serving.fakes import TestClient

LOADED = re.compile(r'(?:src|href)="([^"]+)"')


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(_env_file=None)))  # type: ignore[call-arg]  # pydantic-settings' own


def test_the_page_names_no_host_and_holds_no_script_of_its_own(client: TestClient):
    page = client.get("/docs").text
    assert "//" not in page.replace("<!DOCTYPE html>", "")
    assert re.findall(r"<script(?! src=)", page) == []


def test_every_file_that_the_page_loads_is_served_with_its_type(client: TestClient):
    loaded = LOADED.findall(client.get("/docs").text)
    assert len(loaded) == 4
    found = {address: client.get(address) for address in loaded}
    assert {address: answer.status_code for address, answer in found.items()} == dict.fromkeys(loaded, 200)
    types = [answer.headers["content-type"].split(";")[0] for answer in found.values()]
    assert types == ["image/svg+xml", "text/css", "text/javascript", "text/javascript"]


def test_the_styles_load_nothing_from_another_host(client: TestClient):
    styles = client.get("/docs/swagger/swagger-ui.css").text
    assert re.findall(r"url\(['\"]?(?:https?:)?//", styles) == []
