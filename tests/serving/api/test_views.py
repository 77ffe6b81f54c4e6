"""Whatever page, table or file somebody is shown stands in the audit log, and can be computed again."""

import pytest

from models.assessment.assessment import EXPLAINED, completed
from models.errors import StoreError
from serving.audit.entries import ANSWER_ID_HEADER
from serving.store import AuditEntry, AuditFilter
from tests.serving.served import served
from tests.serving.web.test_router import EXPORTS, PATHS, address
from tests.serving.web.visiting import PEOPLE, a_customer_of, visitor, with_people

OF_THE_NIGHT = [path for path in PATHS if path in {"/", "/portfolio", "/alerts", "/worklist"}]


def newest(customer_id: str | None = None, who: str | None = None) -> AuditEntry:
    return with_people().store.audit(1, about=AuditFilter(customer_id, who)).items[0]


def count(customer_id: str) -> int:
    return len(with_people().store.audit(500, about=AuditFilter(customer_id)).items)


def again(answer_id: str) -> dict[str, object]:
    answer = served().client("analyst").get(f"/v1/assessments/{answer_id}/replay?today=true")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize("grade", "ABCDE")
def test_a_page_of_a_customer_stands_in_the_log_once_with_the_answer_shown(grade: str):
    customer_id = a_customer_of(grade)
    before = count(customer_id)
    answer = visitor().get(f"/customers/{customer_id}")
    entry = newest()
    assert count(customer_id) == before + 1
    assert (entry.action, entry.who, entry.via, entry.role) == ("page", PEOPLE["sales"], "session", "sales")
    assert entry.answer_id == answer.headers[ANSWER_ID_HEADER]
    assert entry.customer_id == customer_id == entry.question["customer_id"]
    stored = with_people().store.customer(customer_id)
    assert stored is not None
    kept = {name: entry.answer[name] for name in stored.row.assessment}
    assert kept == completed(stored.row.assessment, entry.answer)
    assert all(kept[name]["reasons"] for name in EXPLAINED if kept[name] is not None)
    assert {"in_force", "counterfactuals"} <= set(entry.answer)
    assert entry.policy_hash == stored.row.assessment["policy_hash"]


@pytest.mark.parametrize("grade", "ABCDE")
def test_the_answer_on_a_page_is_the_same_computed_again(grade: str):
    answer = visitor().get(f"/customers/{a_customer_of(grade)}")
    found = again(answer.headers[ANSWER_ID_HEADER])
    assert (found["equal"], found["differences"]) == (True, [])
    assert found["with_today"]["equal"] is True  # type: ignore[index]  # a JSON document


def test_the_answers_on_a_sheet_of_a_simulation_and_of_a_prospect_are_the_same_computed_again():
    customer_id, person = a_customer_of("C"), visitor()
    asked = {
        "sheet": lambda: person.get("/exports/assessment.pdf", customer=customer_id),
        "decision": lambda: person.get(f"/simulator/{customer_id}", amount="12000", terms="45"),
        "assessment": lambda: person.get(
            "/prospect", name="Menuiserie Exemple", naf="43.32A", turnover_eur="700000"
        ),
    }
    for action, ask in asked.items():
        assert ask().status_code == 200
        entry = newest(who=PEOPLE["sales"])
        assert (entry.action, entry.via) == (action, "session")
        assert again(entry.answer_id)["equal"] is True


PROSPECT = {"name": "Menuiserie Exemple", "naf": "43.32A", "headcount": 12}


@pytest.mark.parametrize("way", ["key", "session"])
def test_every_kind_of_answer_of_the_api_is_the_same_computed_again(way: str):
    known: dict[str, object] = {"customer_id": a_customer_of("B"), "amount_eur": 900.0}
    unknown: dict[str, object] = {"prospect": PROSPECT, "amount_eur": 900.0}
    person = visitor("analyst")
    client = served().client("analyst") if way == "key" else person.client
    headers = {} if way == "key" else {"X-CSRF-Token": person.csrf_token}
    found: list[str] = []
    for question in (known, unknown):
        for path, body in (
            ("/v1/assessments", question),
            ("/v1/assessments/batch", {"items": [question]}),
            ("/v1/decisions", {**question, "terms_days": 30}),
        ):
            answer = client.post(path, json=body, headers=headers)
            assert answer.status_code == 200, answer.text
            document = answer.json()
            found.append(document.get("answer_id") or document["items"][0]["answer_id"])
    entries = [with_people().store.audit_entry(answer_id) for answer_id in found]
    assert [(one.action, one.via) for one in entries if one is not None] == [
        (action, way) for action in ("assessment", "batch", "decision") * 2
    ]
    for answer_id in found:
        told = again(answer_id)
        assert (told["equal"], told["differences"]) == (True, [])


def test_a_file_of_the_api_stands_in_the_log_and_is_the_same_computed_again():
    client, customer_id = served().client("sales"), a_customer_of("B")
    for asked in ("", "?counterfactuals=true"):
        answer = client.get(f"/v1/customers/{customer_id}{asked}")
        entry = newest(customer_id)
        assert (entry.action, entry.answer_id) == ("file", answer.headers[ANSWER_ID_HEADER])
        assert entry.answer["counterfactuals"] == answer.json()["counterfactuals"]
        assert again(entry.answer_id)["equal"] is True


def test_what_was_not_sent_again_is_not_entered_again():
    client, customer_id = served().client("sales"), a_customer_of("B")
    tag = client.get(f"/v1/customers/{customer_id}").headers["ETag"]
    before = count(customer_id)
    answer = client.get(f"/v1/customers/{customer_id}", headers={"If-None-Match": tag})
    assert (answer.status_code, count(customer_id)) == (304, before)
    assert ANSWER_ID_HEADER not in answer.headers


@pytest.mark.parametrize("path", OF_THE_NIGHT)
def test_a_list_stands_in_the_log_with_the_night_and_whom_it_showed(path: str):
    run = with_people().store.current_run()
    assert run is not None
    assert visitor().get(path, lang="en").status_code == 200
    entry = newest(who=PEOPLE["sales"])
    assert (entry.action, entry.question) == ("page", {"path": path, "query": {"lang": "en"}})
    assert entry.answer["run_id"] == run.run_id
    if path == "/":
        shown = with_people().store.search("", 1000).items
        assert set(entry.answer["customer_ids"]) <= {one.customer_id for one in shown}
        assert entry.answer["customer_ids"]


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/portfolio", "/v1/alerts", "/v1/worklist"])
def test_a_list_of_the_api_stands_in_the_log_unless_it_was_not_sent_again(path: str):
    client = served().client("batch")
    answer = client.get(path)
    entry = newest(who="batch")
    assert (entry.action, entry.question["path"]) == ("list", path)
    assert entry.answer_id == answer.headers[ANSWER_ID_HEADER]
    named = [one["customer_id"] for one in answer.json().get("items", [])]
    assert entry.answer.get("customer_ids", []) == named
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, newest(who="batch").answer_id) == (304, entry.answer_id)
    assert ANSWER_ID_HEADER not in again.headers


@pytest.mark.parametrize("name", [name for name in EXPORTS if name.split("?")[0].endswith(".csv")])
def test_a_table_that_leaves_stands_in_the_log(name: str):
    path = address(f"/exports/{name}")
    assert visitor().client.get(path).status_code == 200
    entry = newest(who=PEOPLE["sales"])
    assert (entry.action, entry.question["path"]) == ("export", path.split("?")[0])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/customers/{id}",
        "/worklist",
        "/portfolio",
        "/v1/customers/{id}",
        "/v1/alerts",
        "/exports/customers.csv",
    ],
)
def test_nothing_is_shown_that_cannot_be_entered(path: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    person, asked = visitor(), address(path)
    name = with_people().store.search("", 1).items[0].name
    monkeypatch.setattr(with_people().store, "record_prepared", refuse)
    answer = person.client.get(asked)
    assert answer.status_code == 503
    assert str(name) not in answer.text
