from httpx2 import Response

from models.policy.document import policy_text
from tests.serving.web.visiting import said, visitor

TEXT = policy_text()


def checked(text: str, **more: str) -> Response:
    return visitor("analyst").post("/policy/edit?lang=en", act="check", text=text, **more)


def test_a_text_is_checked_before_anything_is_changed():
    faulty = checked(TEXT.replace("budget_eur", "budget_euro"))
    assert faulty.status_code == 422
    assert "expected_loss.budget_euro" in said(faulty)
    assert "Changed lines" not in said(faulty)


def test_the_lines_and_the_customers_that_change_are_shown():
    text = said(checked(TEXT.replace("budget_eur = ", "budget_eur = 1")))
    assert "customers would change grade or limit" in text
    assert "+budget_eur = 1" in text


def test_the_packaged_policy_is_not_changed_on_the_page():
    named = TEXT.replace('version = "', 'version = "x')
    refused = visitor("analyst").post("/policy/edit", act="propose", text=named, reason="une bonne raison")
    assert refused.status_code == 422
    assert "La politique livrée reste telle quelle" in said(refused)


def test_only_who_may_change_the_policy_sees_the_page():
    assert visitor("sales").get("/policy/edit").status_code == 403
    assert visitor("sales").post("/policy/edit", act="propose", text="x").status_code == 403
    assert visitor("analyst").get("/policy/changes/4711").status_code == 404
