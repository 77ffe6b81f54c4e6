"""A customer that is one legal entity with another number, as the API and the pages tell it."""

from collections.abc import Iterator

import pytest

from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.schemas.customers import CustomerFileOut
from serving.store import Store, open_store
from serving.usecases.old_versions import OldVersions
from tests.models.fitted import fitted
from tests.pipelines.two_numbers import DAY, named, same_siren
from tests.serving.fakes import TestClient, a_client
from tests.serving.served import an_app_over
from tests.serving.web.visiting import said


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path_factory.mktemp('entities')}/encours.db")
    run_night(LedgerInMemory.of(same_siren(), DAY), fitted().assessor, made, lambda *_: ())
    made.add_policy_of(fitted().assessor.policy, None)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    app = an_app_over(store)
    wiring = app.state.wiring
    wiring.old_versions = OldVersions(wiring.store, wiring.assessors, lambda _target, _version: None)
    with a_client(app, store, "analyst") as found:
        yield found


def test_a_customers_file_names_the_other_number_and_what_both_owe(client: TestClient):
    found = [client.get(f"/v1/customers/{named(place)}").json() for place in (0, 1)]
    for one, other in (found, reversed(found)):
        CustomerFileOut.model_validate(one)
        (told,) = one["entity"]["others"]
        assert told["customer_id"] == other["summary"]["customer_id"]
        assert told["open_eur"] == other["exposure"]["open_eur"]
        assert one["entity"]["open_eur"] == other["entity"]["open_eur"]
        assert one["summary"]["grade"] == other["summary"]["grade"]
    owed = sum(max(one["exposure"]["open_eur"], 0.0) for one in found)
    assert found[0]["entity"]["open_eur"] == pytest.approx(owed)


def test_a_customer_by_itself_is_of_no_shared_entity(client: TestClient):
    assert client.get(f"/v1/customers/{named(2)}").json()["entity"] is None


def test_an_order_of_one_number_counts_what_the_other_owes(client: TestClient):
    question = {"customer_id": named(0), "amount_eur": 1_000.0, "terms_days": 30}
    found = client.post("/v1/assessments", json=question).json()
    other = client.get(f"/v1/customers/{named(1)}").json()["exposure"]["open_eur"]
    assert found["case"]["entity_open_eur"] == max(round(other, 2), 0.0)


def test_a_prospect_that_is_a_customer_already_is_met_with_what_it_owes(client: TestClient):
    alone = client.get(f"/v1/customers/{named(2)}").json()
    both = client.get(f"/v1/customers/{named(0)}").json()
    for known, owed in ((alone, alone["exposure"]["open_eur"]), (both, both["entity"]["open_eur"])):
        prospect = {"name": "Encore une fois", "siren": known["summary"]["siren"], "look_up": False}
        found = client.post("/v1/assessments", json={"prospect": prospect}).json()
        assert found["case"]["entity_open_eur"] == pytest.approx(max(owed, 0.0))
        assert found["case"]["pd_12m"] >= known["assessment"]["case"]["pd_12m"]
        batch = client.post("/v1/assessments/batch", json={"items": [{"prospect": prospect}]}).json()
        assert batch["items"][0]["assessment"]["case"] == found["case"]


def test_the_page_names_the_other_number_with_a_link(client: TestClient, store: Store):
    store.add_user("camille", "sales", "un mot de passe assez long")
    visitor = TestClient(client.app, headers={"Accept": "text/html"})
    visitor.cookies.set("encours_session", store.begin_session("camille"))
    page = visitor.get(f"/customers/{named(0)}")
    assert f'href="/customers/{named(1)}"' in page.text
    assert "Même entité juridique" in said(page)
    assert "Même entité juridique" not in said(visitor.get(f"/customers/{named(2)}"))


def test_an_answer_about_a_number_of_two_is_computed_again_to_the_last_digit(client: TestClient):
    asked = client.post("/v1/assessments", json={"customer_id": named(1), "amount_eur": 5_000.5}).json()
    found = client.get(f"/v1/assessments/{asked['answer_id']}/replay").json()
    assert (found["equal"], found["differences"]) == (True, [])
