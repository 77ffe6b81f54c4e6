from typing import Never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.api.middleware.headers import ALWAYS, local
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, an_app_of_its_own


@pytest.mark.parametrize(
    "path", ["/healthz", "/v1/nothing", "/nowhere", "/openapi.json", "/static/nothing.css"]
)
def test_every_answer_carries_the_headers(client: TestClient, path: str):
    headers = client.get(path).headers
    for name, value in ALWAYS.items():
        assert headers[name] == value
    assert "'unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_what_a_route_says_about_caching_stays(client: TestClient):
    response = client.get("/v1/customers")
    assert response.headers["cache-control"] == "private, no-cache"
    assert "etag" in response.headers


def test_an_error_carries_them_too(client: TestClient):
    response = client.post("/v1/assessments", content=b"{")
    assert response.status_code in {400, 422}
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_fault_of_ours_carries_them_too(store: Store, accept: str):
    app = an_app_of_its_own(store, FakeAssessor())

    def broken() -> Never:
        raise RuntimeError("the inside")

    app.add_api_route("/broken", broken, response_model=None)
    client = TestClient(app, raise_server_exceptions=False, headers={"Accept": accept})
    response = client.get("/broken")
    assert response.status_code == 500
    for name, value in ALWAYS.items():
        assert response.headers[name] == value
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_https_is_asked_to_stay_so(client: TestClient):
    assert "strict-transport-security" in client.get("https://testserver/healthz").headers


@pytest.mark.parametrize("path", ["/docs", "/v1/customers", "/sign-in"])
def test_nothing_may_be_loaded_from_elsewhere(client: TestClient, path: str):
    assert "http" not in client.get(path).headers["content-security-policy"]


@given(st.text(alphabet="/\\:@?#[]ab.%", max_size=12))
def test_no_address_of_ours_leads_to_another_host(text: str):
    there = local(f"http://elsewhere.example/{text}")
    assert there.startswith("/")
    assert not there.startswith(("//", "/\\"))
    assert "elsewhere" not in there
    assert local(there) == there


PLACES = ["/customers", "/portfolio/", "/v1/customers/?q=a", "/static", "/docs/", "/customers/nobody", "/"]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("path", [*PLACES, "/v1/customers?limit=1", "/openapi.json", "/sign-in", "/nowhere"])
def test_the_host_that_a_request_names_never_comes_back(client: TestClient, path: str, accept: str):
    named = {"Host": "elsewhere.example", "X-Forwarded-Host": "elsewhere.example", "Accept": accept}
    answer = client.get(path, headers=named, follow_redirects=False)
    assert "elsewhere" not in answer.text
    assert not [value for value in answer.headers.values() if "elsewhere" in value]
    assert answer.headers.get("location", "/").startswith("/")


def test_a_missing_or_surplus_slash_leads_to_the_same_page_of_this_server(client: TestClient):
    found = {
        path: client.get(path, headers={"Host": "elsewhere.example"}, follow_redirects=False)
        for path in ("/portfolio/?lang=en", "/customers")
    }
    assert {path: one.status_code for path, one in found.items()} == dict.fromkeys(found, 307)
    assert found["/portfolio/?lang=en"].headers["location"] == "/portfolio?lang=en"
    assert found["/customers"].headers["location"] == "/customers/"
