from tests.serving.fakes import TestClient
from tests.serving.web.visiting import PASSWORD, said, with_people


def stranger() -> TestClient:
    return TestClient(with_people().app, headers={"Accept": "text/html"}, follow_redirects=False)


def token_of(browser: TestClient, path: str = "/sign-in") -> str:
    page = browser.get(path).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_person_signs_in_and_comes_to_where_it_wanted():
    browser = stranger()
    token = token_of(browser, "/sign-in?next=/worklist")
    fields = {"name": "camille", "password": PASSWORD, "csrf_token": token, "next": "/worklist"}
    answer = browser.post("/sign-in", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/worklist")
    assert "camille" in said(browser.get("/worklist"))


def test_a_wrong_password_says_so_and_says_no_more():
    browser = stranger()
    fields = {"name": "camille", "password": "faux", "csrf_token": token_of(browser), "next": "/"}
    answer = browser.post("/sign-in", data=fields)
    text = said(browser.get(answer.headers["location"]))
    assert "Nom ou mot de passe inconnu" in text


def test_nobody_is_sent_to_another_place():
    assert 'value="/"' in stranger().get("/sign-in?next=https://elsewhere.example/").text


def test_signing_out_ends_the_session():
    browser = stranger()
    fields = {"name": "camille", "password": PASSWORD, "csrf_token": token_of(browser), "next": "/"}
    browser.post("/sign-in", data=fields)
    token = browser.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert browser.get("/").status_code == 303
