import pytest

from serving.app import create_app
from serving.settings import Settings
from serving.web.router import PAGES
from tests.serving.fakes import FakeAssessor, TestClient
from tests.serving.web.visiting import a_customer_of, visitor, with_people

PATHS = [
    "/",
    "/customers/{id}",
    "/simulator/{id}",
    "/simulator/{id}?amount=12000&terms=45",
    "/prospect",
    "/portfolio",
    "/risk",
    "/cash",
    "/cash?by=sector&week=2",
    "/provisions",
    "/finance",
    "/stress",
    "/stress?scenario=severe_recession",
    "/finance?month=2026-05",
    "/migration",
    "/migration?method=cohort&horizon=1",
    "/cases",
    "/cases?tab=reviews",
    "/alerts",
    "/worklist",
    "/worklist/{id}",
    "/models",
    "/policy",
    "/policy/edit",
    "/views",
]
EXPORTS = [
    "customers.csv",
    "invoices.csv?customer={id}",
    "worklist.csv",
    "alerts.csv",
    "portfolio.csv",
    "cash.csv",
    "stress.csv?scenario=mild_recession",
    "risk.csv",
    "provisions.xlsx",
    "provision-entries.txt",
    "assessment.pdf?customer={id}",
    f"decision.pdf?answer={'0' * 32}",
]
ELSEWHERE = ("/admin/", "/cases/", "/import", "/policy/changes/")
"""Pages of other roles, each tested with its own role."""
HERE = {
    route.path.replace("{customer_id:path}", "{id}")
    for one in PAGES
    for route in one.router.routes  # type: ignore[attr-defined]
    if "GET" in route.methods and not route.path.startswith(ELSEWHERE)
}


def address(path: str) -> str:
    return path.replace("{id}", a_customer_of("C"))


def stranger() -> TestClient:
    return TestClient(with_people().app, headers={"Accept": "text/html"}, follow_redirects=False)


def test_every_page_is_listed_here():
    listed = {path.split("?")[0] for path in (*PATHS, *(f"/exports/{name}" for name in EXPORTS), "/sign-in")}
    assert listed == HERE


@pytest.mark.parametrize("path", [*PATHS, *(f"/exports/{name}" for name in EXPORTS)])
def test_nobody_sees_a_page_before_signing_in(path):
    answer = stranger().get(address(path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_in_both_languages(path, language):
    person = visitor("analyst")
    person.client.cookies.set("encours_lang", language)
    answer = person.get(address(path))
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/models", "/policy"])
def test_the_analysts_pages_are_closed_to_sales(path):
    answer = visitor("sales").get(path)
    assert answer.status_code == 403
    assert "Page réservée" in answer.text
    assert 'href="/policy"' not in visitor("sales").get("/").text


def test_static_files_need_no_session():
    answer = stranger().get("/static/encours.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")


def test_pages_are_no_part_of_the_described_api():
    routes = [route for one in PAGES for route in one.router.routes]
    app = create_app(Settings(_env_file=None), FakeAssessor(), with_people().store)  # type: ignore[call-arg]
    described = set(app.openapi()["paths"])
    assert described.isdisjoint(route.path for route in routes)  # type: ignore[attr-defined]
