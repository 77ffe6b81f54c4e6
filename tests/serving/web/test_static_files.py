import pytest

from serving.web.rendering import static_address
from serving.web.static_files import ASKED_AGAIN, KEPT_A_YEAR
from tests.serving.fakes import TestClient


@pytest.mark.parametrize("name", ["encours.css", "encours.js", "icon.svg"])
def test_a_file_is_kept_for_a_year_by_the_version_of_its_content(client: TestClient, name: str):
    assert client.get(static_address(name)).headers["cache-control"] == KEPT_A_YEAR
    for query in ("", "?v=00000000", "?v="):
        assert client.get(f"/static/{name}{query}").headers["cache-control"] == ASKED_AGAIN


def test_a_known_file_is_not_sent_again(client: TestClient):
    tag = client.get("/static/encours.css").headers["etag"]
    answer = client.get("/static/encours.css", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.headers["cache-control"] == ASKED_AGAIN


@pytest.mark.parametrize("path", ["nothing.css", "../app.py", "%2e%2e/app.py"])
def test_nothing_else_is_a_static_file(client: TestClient, path: str):
    assert client.get(f"/static/{path}").status_code == 404
