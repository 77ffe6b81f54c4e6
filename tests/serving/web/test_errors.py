import time
from pathlib import Path

import pytest
from httpx2 import Response

from serving.api.authentication import TRUSTED_S, Authenticator
from serving.store import open_store
from tests.serving.fakes import FakeAssessor, TestClient, an_app_of_its_own
from tests.serving.web.visiting import said, visitor, with_people


def test_an_unknown_customer_is_a_page_that_says_what_to_do():
    answer = visitor().get("/customers/nobody")
    assert answer.status_code == 404
    assert "Client introuvable" in said(answer)
    assert "par son nom ou son SIREN" in said(answer)
    assert "text/html" in answer.headers["content-type"]


def test_it_speaks_the_persons_language():
    assert "Customer not found" in said(visitor().get("/customers/nobody", lang="en"))


def test_an_unknown_address_is_a_page():
    answer = visitor().get("/nowhere")
    assert answer.status_code == 404
    assert "Page introuvable" in said(answer)


@pytest.mark.parametrize("path", ["/?offset=-1", "/?q=%00", "/alerts?severity=loud"])
def test_a_faulty_address_is_a_page(path):
    answer = visitor().get(path)
    assert answer.status_code == 422
    assert "Valeur refusée" in said(answer)


def test_a_form_without_its_token_is_refused_with_a_page():
    person = visitor()
    answer = person.client.post("/sign-out", data={})
    assert answer.status_code == 403
    assert "rechargez la page" in said(answer)


def test_a_program_is_answered_as_before():
    answer = visitor().client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_answers_problems_even_to_a_browser():
    answer = TestClient(with_people().app, headers={"Accept": "text/html"}).get("/v1/customers")
    assert answer.headers["content-type"] == "application/problem+json"


def a_browser_of(folder: Path) -> TestClient:
    """Return somebody signed in to an application whose store holds no night."""
    store = open_store(f"sqlite:///{folder}/empty.db")
    store.add_user("camille", "sales", "un mot de passe assez long")
    client = TestClient(
        an_app_of_its_own(store, FakeAssessor()),
        headers={"Accept": "text/html"},
        raise_server_exceptions=False,
    )
    client.cookies.set("encours_session", store.begin_session("camille"))
    return client


def test_before_the_first_night_every_page_says_so(tmp_path: Path):
    browser = a_browser_of(tmp_path)
    for path in ("/", "/customers/C1", "/alerts", "/worklist", "/portfolio", "/prospect"):
        answer = browser.get(path)
        assert answer.status_code == 503, path
        assert "Pas encore de résultats" in said(answer), path


def test_a_store_that_is_away_is_a_page_that_asks_to_try_again(tmp_path: Path):
    browser = a_browser_of(tmp_path)
    take_away(browser, tmp_path)
    answer = browser.get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "Momentanément indisponible" in said(answer)
    assert str(tmp_path) not in answer.text


def test_no_error_page_shows_what_went_wrong_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    browser = a_browser_of(tmp_path)
    app = browser.app
    app.router.routes.clear()  # type: ignore[attr-defined]

    def broken():
        raise RuntimeError("secret detail")

    app.add_api_route("/", broken)  # type: ignore[attr-defined]
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Une erreur est survenue" in said(answer)


def test_a_part_of_a_page_fails_as_a_part():
    answer = visitor().client.get("/simulator/nobody?amount=5", headers={"X-Part": "decision"})
    assert answer.status_code == 404
    assert "Client introuvable" in said(answer)
    assert 'role="alert"' in answer.text
    assert not [tag for tag in ("<html", "<nav", "<main") if tag in answer.text]


STAYS = 'href="/worklist"'


def shows_who(answer: Response) -> bool:
    """Tell whether a page has the navigation, the name and the way out of who is signed in."""
    return STAYS in answer.text and "camille" in said(answer) and 'action="/sign-out"' in answer.text


def test_who_is_signed_in_keeps_the_navigation_on_every_error():
    person = visitor()
    found = {
        403: person.get("/models"),
        404: person.get("/customers/nobody"),
        405: person.get("/sign-out"),
        422: person.get("/?offset=-1"),
    }
    for status, answer in found.items():
        assert answer.status_code == status
        assert shows_who(answer), status
    assert shows_who(person.get("/nowhere"))
    assert person.csrf_token in found[404].text


def test_a_stranger_sees_no_navigation_and_no_name():
    client = TestClient(with_people().app, headers={"Accept": "text/html"})
    client.cookies.set("encours_session", "nobody's")
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert STAYS not in answer.text
    assert "sign-out" not in answer.text


def test_a_session_that_has_ended_is_nobodys_on_an_error_page():
    person = visitor()
    assert shows_who(person.get("/nowhere"))
    person.post("/sign-out")
    person.client.cookies.set("encours_session", "over")
    assert not shows_who(person.get("/nowhere"))


def test_the_navigation_stays_where_the_store_went_away_or_something_failed(tmp_path: Path):
    browser = a_browser_of(tmp_path)
    assert browser.get("/nowhere").status_code == 404
    take_away(browser, tmp_path)
    guard: Authenticator = browser.app.state.wiring.authenticator  # type: ignore[attr-defined]
    later = time.monotonic() + TRUSTED_S
    guard._clock = lambda: later
    answer = browser.get("/alerts?cause=data")
    assert answer.status_code == 503
    assert shows_who(answer)
    assert 'class="button" href="/alerts?cause=data">Recommencer' in answer.text
    assert shows_who(browser.get("/nowhere"))


def test_without_a_store_a_browser_that_was_never_seen_is_nobodys(tmp_path: Path):
    browser = a_browser_of(tmp_path)
    take_away(browser, tmp_path)
    answer = browser.get("/portfolio")
    assert answer.status_code == 503
    assert STAYS not in answer.text


def take_away(browser: TestClient, folder: Path) -> None:
    """Put a folder in the place of the database."""
    browser.app.state.wiring.store().close()  # type: ignore[attr-defined]
    for file in folder.iterdir():
        file.unlink()
    (folder / "empty.db").mkdir()
