import pytest
from fastapi import FastAPI, Request
from jinja2 import UndefinedError

from serving.web.rendering import STATIC, page, speech, static_address, templates
from tests.serving.fakes import TestClient


def a_browser() -> TestClient:
    return TestClient(an_app_of("/here"))


def an_app_of(path: str) -> FastAPI:
    app = FastAPI()

    @app.get(path)
    def here(request: Request):
        return page(request, "error.html", None, title=speech(request).language, what_to_do="<b>", again=None)

    return app


def test_french_is_spoken_first():
    assert '<html lang="fr">' in a_browser().get("/here", headers={"Accept-Language": "en"}).text


def test_the_language_that_was_chosen_stays():
    browser = a_browser()
    assert '<html lang="en">' in browser.get("/here?lang=en").text
    assert '<html lang="en">' in browser.get("/here").text
    assert '<html lang="fr">' in browser.get("/here?lang=fr").text
    assert '<html lang="fr">' in browser.get("/here").text


def test_a_language_that_is_not_spoken_changes_nothing():
    answer = a_browser().get("/here?lang=xx")
    assert '<html lang="fr">' in answer.text
    assert "set-cookie" not in answer.headers


def test_the_switch_keeps_the_place():
    answer = a_browser().get("/here?q=a%26b&offset=25")
    assert 'href="/here?q=a%26b&amp;offset=25&amp;lang=en"' in answer.text


def test_the_switch_never_leads_to_another_host():
    browser = TestClient(an_app_of("/{path:path}"))
    for path in ("//elsewhere.example/here", "/%2Felsewhere.example", "/%5Celsewhere.example"):
        answer = browser.get(f"http://testserver{path}", headers={"Host": "elsewhere.example"})
        assert 'href="/elsewhere' in answer.text or 'href="/%5C' in answer.text, path
        assert "//elsewhere" not in answer.text


def test_what_comes_from_elsewhere_is_escaped():
    assert "&lt;b&gt;" in a_browser().get("/here").text


def test_a_page_stays_out_of_every_cache():
    assert a_browser().get("/here").headers["cache-control"] == "no-store"


def test_a_name_that_a_template_was_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        templates().from_string("{{ nothing }}").render()


@pytest.mark.parametrize("name", sorted(templates().list_templates()))
def test_no_template_holds_a_script_or_a_style_of_its_own(name):
    source = (templates().loader.get_source(templates(), name)[0]).lower()  # type: ignore[union-attr]
    assert "<style" not in source
    assert " style=" not in source
    assert " onclick" not in source
    assert "<script>" not in source
    assert "|safe" not in source


@pytest.mark.parametrize("name", ["encours.css", "encours.js", "icon.svg"])
def test_the_address_of_a_file_changes_with_its_content(name):
    assert (STATIC / name).is_file()
    assert static_address(name).startswith(f"/static/{name}?v=")
