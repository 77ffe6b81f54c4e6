import pytest

from serving.schemas.decisions import DecisionOut
from tests.serving.fakes import TestClient
from tests.serving.served import served
from tests.serving.store.builders import an_override

PROSPECT = {"name": "Menuiserie Exemple", "naf": "43.32A", "headcount": 12}


def test_a_decision_shows_its_working_and_is_in_the_log():
    order = {"customer_id": served().owing, "amount_eur": 1_000.0, "terms_days": 30}
    answer = served().client().post("/v1/decisions", json=order)
    found = answer.json()
    DecisionOut.model_validate(found)
    assert set(found) == set(DecisionOut.model_fields) - {"facts"}
    assert answer.headers["X-Answer-Id"] == found["answer_id"]
    entry = served().store.audit_entry(found["answer_id"])
    assert entry is not None
    assert (entry.action, entry.who, entry.customer_id) == ("decision", "sales", served().owing)
    assert entry.answer["outcome"] == found["outcome"]


def test_orders_under_way_use_the_limit_as_the_policy_counts_them():
    order = {"customer_id": served().owing, "amount_eur": 10.0, "terms_days": 8}
    under_way = {
        "delivered_not_invoiced_eur": 200.0,
        "ordered_not_delivered_eur": 300.5,
        "deposits_eur": 100.0,
    }
    alone = served().client().post("/v1/decisions", json=order).json()
    found = served().client().post("/v1/decisions", json=order | under_way).json()
    assert found["order"]["commitments"] == under_way
    assert found["exposure_before_eur"] == pytest.approx(alone["exposure_before_eur"] + 400.5)


def test_an_order_far_beyond_the_limit_is_not_accepted_as_it_stands():
    order = {"customer_id": served().owing, "amount_eur": 9e8, "terms_days": 30}
    found = served().client().post("/v1/decisions", json=order).json()
    assert found["outcome"] != "accept"
    assert found["exposure_after_eur"] == found["exposure_before_eur"] + 9e8


def test_a_prepaid_order_uses_no_exposure():
    order = {"customer_id": served().owing, "amount_eur": 9e8, "terms_days": 0, "prepaid": True}
    found = served().client().post("/v1/decisions", json=order).json()
    assert found["exposure_after_eur"] == found["exposure_before_eur"]


def test_a_prospect_is_decided_on_from_the_registers():
    found = (
        served()
        .client()
        .post("/v1/decisions", json={"prospect": PROSPECT, "amount_eur": 500.0, "terms_days": 30})
    )
    assert found.status_code == 200
    assert found.json()["assessment"]["history"] == "none"
    assert found.json()["exposure_before_eur"] == 0


def test_a_sole_trader_waits_for_a_person():
    found = (
        served()
        .client()
        .post(
            "/v1/decisions",
            json={"prospect": PROSPECT | {"legal_form": "1000"}, "amount_eur": 500.0, "terms_days": 30},
        )
    )
    assert (found.json()["outcome"], found.json()["needs_human"]) == ("refer", True)


def test_an_analysts_limit_counts_and_the_models_own_stays_beside_it():
    customer = served().store.search("", 1000).items[-1].customer_id
    order = {"customer_id": customer, "amount_eur": 100.0, "terms_days": 8}
    before = served().client().post("/v1/decisions", json=order).json()
    kept = served().store.add_override(
        an_override(customer_id=customer, kind="limit", value=123_456.0, valid_until=before_long())
    )
    found = served().client().post("/v1/decisions", json=order).json()
    served().store.withdraw_override(kept.override_id, "analyst", "only tried")
    assert found["in_force"]["own_limit_eur"] == before["in_force"]["own_limit_eur"]
    if found["in_force"]["limit_from"] == "override":
        assert found["limit_in_force_eur"] == 123_456.0
    else:
        assert found["in_force"]["limit_from"] == "stop"


def before_long():
    import datetime as dt

    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_eur": 0},
        {"amount_eur": -1.0},
        {"terms_days": -1},
        {"terms_days": 366},
        {"deposit_share": 1.5},
        {"invoice_basis": "someday"},
        {"means_of_payment": "barter"},
        {"prepaid": "yes"},
        {"ordered_not_delivered_eur": -1.0},
        {"surprise": 1},
    ],
    ids=str,
)
def test_an_order_that_cannot_be_is_refused_by_field(client: TestClient, change: dict[str, object]):
    order = {"customer_id": "C1", "amount_eur": 100.0, "terms_days": 30} | change
    answer = client.post("/v1/decisions", json=order)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(change))


def test_an_unknown_customer_is_not_decided_on(client: TestClient):
    answer = client.post("/v1/decisions", json={"customer_id": "X", "amount_eur": 1.0, "terms_days": 1})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:encours:problem:unknown-customer")
