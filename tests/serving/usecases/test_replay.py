"""Old answers computed again: through the API, with real models, after everything that may happen since."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic import command
from alembic.config import Config

from models.assessment.assessor import Assessor
from models.features.build import STATE_SCHEMA
from models.features.state_schema import StateSchema, unversioned
from models.learning.artifact import FittedModel
from models.policy.document import Policy, policy_from_text, policy_text
from serving.app import create_app
from serving.settings import Settings
from serving.store import PackedPartition, Store, StoredPolicy, open_store, packing
from serving.store.answer_templates import EDGE
from serving.store.engine import MIGRATIONS, migration, open_engine, transaction
from serving.usecases.old_versions import OldVersions
from serving.usecases.recomputation import as_then
from tests.models.features.versions import in_order, stored_by, with_newer
from tests.models.fitted import fitted
from tests.models.policy.builders import earlier_policy
from tests.models.states import AS_OF, some_states
from tests.serving.fakes import TestClient
from tests.serving.store.builders import a_customer, a_key, a_vector, an_override, vector_bytes_of_before
from tests.serving.store.templated import keep_template, record_filled

EDITED = policy_text().replace("longest_days = 180", "longest_days = 90").replace("2026.12", "2027.01")


def published(folder: Path, schema: StateSchema = STATE_SCHEMA) -> Store:
    """Make a store with three real customers and the policy that comes with the program.

    Parameters
    ----------
    schema
        By which the night stored their states.
    """
    store = open_store(f"sqlite:///{folder}/encours.db")
    assessor = fitted().assessor
    run = store.begin_run(
        a_key(
            as_of=AS_OF,
            late_model=assessor.late.version,
            default_model=assessor.default.version,
            policy_hash=assessor.policy.hash,
            state_schema=schema.hash,
        )
    )
    rows = [
        a_customer(
            f"C{n}",
            state=stored_by(state.vector, schema),
            party=replace(state.party, customer_id=f"C{n}").document(),
        )
        for n, state in enumerate(some_states(3))
    ]
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
    store.publish(run.run_id, {"peers": {}})
    assert store.add_policy_of(assessor.policy, None)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = published(tmp_path)
    yield made
    made.close()


def a_client(
    store: Store, assessor: Assessor | None = None, kept: tuple[FittedModel, ...] = ()
) -> TestClient:
    """Serve with an assessor in charge, and models that the registry would find."""
    app = create_app(Settings(_env_file=None), assessor or fitted().assessor, store)

    def find(target: str, model_version: str) -> FittedModel | None:
        return next((one for one in kept if (one.target, one.version) == (target, model_version)), None)

    wiring = app.state.wiring
    wiring.old_versions = OldVersions(wiring.store, wiring.assessors, find)
    key = store.rotate_key("test") if store.list_keys() else store.add_key("test", "analyst")
    return TestClient(app, headers={"X-API-Key": key})


def ask(client: TestClient, **question: object) -> str:
    response = client.post("/v1/assessments", json={"customer_id": "C1", "amount_eur": 5000.5} | question)
    assert response.status_code == 200, response.text
    assert response.headers["x-answer-id"] == response.json()["answer_id"]
    return str(response.json()["answer_id"])


def ask_for_a_decision(client: TestClient) -> str:
    question = {"customer_id": "C1", "amount_eur": 9_000.5, "terms_days": 75}
    response = client.post("/v1/decisions", json=question)
    assert response.status_code == 200, response.text
    return str(response.json()["answer_id"])


def again(client: TestClient, answer_id: str, today: bool = False) -> dict[str, Any]:
    response = client.get(f"/v1/assessments/{answer_id}/replay", params={"today": today})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def another(model: FittedModel, **calibration: float) -> FittedModel:
    """Return another version of a model: the same trees, calibrated otherwise."""
    return replace(model, calibration=replace(model.calibration, **calibration), read_as="")


def test_an_answer_is_the_same_to_the_last_digit(store: Store):
    client = a_client(store)
    for question in ({}, {"terms_days": 45, "yearly_forecast_eur": 123_456.78}):
        found = again(client, ask(client, **question), today=True)
        assert (found["equal"], found["differences"], found["why"]) == (True, [], [])
        assert found["with_today"]["equal"] is True
        assert found["why_fr"] == ["la réponse recalculée est identique"]


def as_an_earlier_version(store: Store, answer_id: str) -> str:
    """Enter an answer of the log again as an earlier version did: a template, and what fills it in."""
    entry = store.audit_entry(answer_id)
    assert entry is not None
    parts = re.split(rb"(-?\d+\.\d+)", orjson.dumps(entry.answer))
    template, gaps = EDGE.join(parts[::2]), EDGE.join(parts[1::2])
    keep_template(store, template)
    record_filled(store, gaps, template, replace(entry, answer_id="e" * 32))
    return "e" * 32


def test_an_answer_that_an_earlier_version_entered_is_the_same_after_a_restart(store: Store, tmp_path: Path):
    answer_id = as_an_earlier_version(store, ask(a_client(store)))
    store.close()
    later = open_store(f"sqlite:///{tmp_path}/encours.db")
    found = again(a_client(later), answer_id)
    assert (found["equal"], found["differences"], found["why"]) == (True, [], [])
    later.close()


@pytest.mark.parametrize("length", [1376, 1192])
def test_answers_logged_before_schemas_were_stored_replay_equal_after_the_update(
    tmp_path: Path, length: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(packing, "vector_bytes", vector_bytes_of_before)
    store = published(tmp_path, unversioned(length))
    client = a_client(store)
    answer_ids = [ask(client), ask(client, customer_id="C2", terms_days=45), ask_for_a_decision(client)]
    store.close()
    # As the version before would have left it: no schema anywhere.
    engine = open_engine(f"sqlite:///{tmp_path}/encours.db")
    with migration(engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "0008")
    engine.dispose()
    later = open_store(f"sqlite:///{tmp_path}/encours.db")
    for answer_id in answer_ids:
        found = again(a_client(later), answer_id, today=True)
        assert (found["equal"], found["differences"], found["why"]) == (True, [], [])
        assert found["with_today"]["equal"] is True
    assert later.check_audit().sound
    later.close()


def test_an_answer_on_a_state_of_another_version_replays_equal(tmp_path: Path):
    order = [*range(len(STATE_SCHEMA.fields))][::-1]
    store = published(tmp_path, with_newer(in_order(STATE_SCHEMA, order)))
    client = a_client(store)
    for answer_id in (ask(client), ask(client, amount_eur=77.0)):
        found = again(client, answer_id, today=True)
        assert (found["equal"], found["why"], found["with_today"]["equal"]) == (True, [], True)
    store.close()


def test_an_answer_whose_template_was_changed_is_told_apart(store: Store):
    client = a_client(store)
    answer_id = as_an_earlier_version(store, ask(client))
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER kept_forms_no_update")
        connection.exec_driver_sql("UPDATE kept_forms SET form = ?", (packing.pack_text(b"{}"),))
    found = again(client, answer_id)
    assert (found["equal"], found["why"]) == (False, ["record"])


def test_a_prospects_answer_is_the_same_too(store: Store):
    client = a_client(store)
    accounts = [{"closed_on": "2025-12-31", "turnover": 700000, "equity": 80000, "total_assets": 300000}]
    prospect = {"name": "Nouveau SARL", "naf": "43.21A", "accounts": accounts}
    answer_id = ask(client, customer_id=None, prospect=prospect)
    assert again(client, answer_id)["equal"] is True


def test_an_answer_is_the_same_after_a_restart_and_another_night(store: Store, tmp_path: Path):
    answer_id = ask(a_client(store))
    run = store.begin_run(a_key(data_hash="another"))
    store.write_partition(run.run_id, 0, PackedPartition.of([], []))
    store.publish(run.run_id, {})
    store.close()
    later = open_store(f"sqlite:///{tmp_path}/encours.db")
    assert again(a_client(later), answer_id)["equal"] is True
    later.close()


def test_after_a_promotion_it_is_the_same_with_the_old_model_and_today_names_the_model(store: Store):
    answer_id = ask(a_client(store))
    old = fitted().assessor
    promoted = replace(old, default=another(old.default, intercept=old.default.calibration.intercept + 0.5))
    found = again(a_client(store, promoted, (old.default,)), answer_id, today=True)
    assert (found["equal"], found["why"]) == (True, [])
    today = found["with_today"]
    assert (today["equal"], today["why"]) == (False, ["model"])
    paths = {one["path"] for one in today["differences"]}
    assert {"pd_12m.value", "pd_12m.model_version"} <= paths
    assert not any(path.startswith("p_late30") for path in paths)


def test_where_the_old_model_is_gone_it_says_so(store: Store):
    answer_id = ask(a_client(store))
    old = fitted().assessor
    promoted = replace(old, default=another(old.default, slope=old.default.calibration.slope * 1.1))
    found = again(a_client(store, promoted), answer_id, today=True)
    assert (found["equal"], found["why"]) == (None, ["default_model"])
    assert found["why_en"] == ["the default model of then is gone"]
    assert found["with_today"]["why"] == ["model"]


def test_after_an_edit_of_the_policy_it_is_the_same_with_the_old_text_and_today_names_the_policy(
    store: Store,
):
    answer_id = ask(a_client(store))
    edited = policy_from_text(EDITED, "edited")
    found = again(a_client(store, replace(fitted().assessor, policy=edited)), answer_id, today=True)
    assert (found["equal"], found["why"]) == (True, [])
    assert found["with_today"]["why"] == ["policy"]
    assert {one["path"] for one in found["with_today"]["differences"]} == {"policy_version", "policy_hash"}


def test_a_model_and_a_policy_that_both_changed_are_told_apart(store: Store):
    answer_id = ask(a_client(store))
    old = fitted().assessor
    late = another(old.late, intercept=old.late.calibration.intercept + 0.5)
    now = Assessor(late, old.default, policy_from_text(EDITED, "edited"))
    found = again(a_client(store, now, (old.late,)), answer_id, today=True)
    assert found["equal"] is True
    causes = {one["path"]: one["cause"] for one in found["with_today"]["differences"]}
    assert (causes["p_late30.value"], causes["policy_hash"]) == ("model", "policy")


def test_a_policy_whose_text_was_not_kept_is_said_to_be_gone(store: Store):
    edited = replace(fitted().assessor, policy=policy_from_text(EDITED, "edited"))
    answer_id = ask(a_client(store, edited))
    client = a_client(store)
    found = again(client, answer_id)
    assert (found["equal"], found["why"]) == (None, ["policy_gone"])
    store.add_policy(StoredPolicy(edited.policy.hash, "2027.01", EDITED))
    assert again(client, answer_id)["equal"] is True


def test_a_program_that_computes_otherwise_is_found_out(store: Store):
    answer_id = ask(a_client(store))
    old = fitted().assessor
    calibration = replace(old.default.calibration, intercept=old.default.calibration.intercept + 1e-9)
    drifted = replace(old.default, calibration=calibration, read_as=old.default.version)
    found = again(a_client(store, replace(old, default=drifted)), answer_id)
    assert (found["equal"], found["why"]) == (False, ["program"])
    assert "pd_12m.value" in {one["path"] for one in found["differences"]}


def test_a_stored_answer_that_was_tampered_with_is_told_apart(store: Store):
    client = a_client(store)
    answer_id = ask(client)
    entry = store.audit_entry(answer_id)
    assert entry is not None
    forged = packing.pack({**entry.answer, "grade": "A+"}, "forged")
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET answer = ? WHERE answer_id = ?", (forged, answer_id))
    found = again(client, answer_id)
    assert (found["equal"], found["why"]) == (False, ["record"])
    assert [(one["path"], one["then"], one["cause"]) for one in found["differences"]] == [
        ("grade", "A+", "record")
    ]


def test_data_that_were_tampered_with_are_not_put_to_the_models(store: Store):
    client = a_client(store)
    answer_id = ask(client)
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER kept_states_no_update")
        connection.exec_driver_sql("UPDATE kept_states SET as_of = '2020-01-01'")
    found = again(client, answer_id, today=True)
    assert (found["equal"], found["why"], found["with_today"]["why"]) == (None, ["state"], ["state"])
    assert found["why_en"] == ["the data of then are not kept as they were"]


def test_data_of_other_features_than_todays_cannot_be_put_to_the_models(store: Store):
    client = a_client(store)
    answer_id = ask(client)
    entry = store.audit_entry(answer_id)
    assert entry is not None
    state = store.stored_state(entry.state_hash or "")
    assert state is not None
    shorter = replace(state, vector=a_vector(*state.vector.values[:-1]))
    store.record_answers([replace(entry, answer_id="0" * 32, state=shorter)])
    found = again(client, "0" * 32, today=True)
    assert (found["equal"], found["why"], found["with_today"]["why"]) == (None, ["features"], ["features"])


def test_only_answers_of_the_models_are_found(store: Store):
    client = a_client(store)
    for answer_id in ("f" * 32, "not an id"):
        response = client.get(f"/v1/assessments/{answer_id}/replay")
        assert response.status_code in {404, 422}


@pytest.mark.parametrize("policy", [None, earlier_policy()], ids=["of today", "of an earlier version"])
@pytest.mark.parametrize("override", [{"kind": "limit", "value": 3_000.0}, {"kind": "grade", "value": "D"}])
def test_a_decision_replays_under_policies_of_today_and_of_an_earlier_version(
    store: Store, policy: Policy | None, override: dict[str, Any]
):
    assessor = fitted().assessor
    client = a_client(store, assessor if policy is None else replace(assessor, policy=policy))
    today = client.app.state.wiring.today()  # type: ignore[attr-defined]  # an application of ours
    store.add_override(an_override(valid_until=today, **override))
    question = {"customer_id": "C1", "amount_eur": 9_000.5, "terms_days": 75, "deposits_eur": 10.0}
    told = client.post("/v1/decisions", json=question).json()
    found = again(client, told["answer_id"])
    assert (found["equal"], found["differences"]) == (True, [])


def test_a_decision_of_before_orders_under_way_counted_replays(store: Store):
    earlier = replace(fitted().assessor, policy=earlier_policy())
    client = a_client(store, earlier)
    question = {"customer_id": "C1", "amount_eur": 9_000.5, "terms_days": 75}
    entry = store.audit_entry(client.post("/v1/decisions", json=question).json()["answer_id"])
    assert entry is not None
    answer = dict(entry.answer)
    del answer["recommended_limit_eur"]
    answer["order"] = {name: value for name, value in answer["order"].items() if name != "commitments"}
    state = store.stored_state(entry.state_hash or "")
    old = replace(entry, answer_id="0" * 32, answer=answer, question=question, state=state)
    store.record_answers([old])
    found = again(client, "0" * 32)
    assert (found["equal"], found["differences"]) == (True, [])


def test_an_outcome_that_is_called_otherwise_today_replays_equal(store: Store):
    client = a_client(store)
    question = {"customer_id": "C1", "amount_eur": 9_000.5, "terms_days": 75}
    entry = store.audit_entry(client.post("/v1/decisions", json=question).json()["answer_id"])
    assert entry is not None
    answer = {**entry.answer, "label_fr": "décision à prendre", "label_en": "a person decides"}
    state = store.stored_state(entry.state_hash or "")
    store.record_answers([replace(entry, answer_id="0" * 32, answer=answer, question=question, state=state)])
    found = again(client, "0" * 32)
    assert (found["equal"], found["differences"]) == (True, [])


def test_a_decision_is_the_same_too_with_the_override_of_then(store: Store):
    client = a_client(store)
    today = client.app.state.wiring.today()  # type: ignore[attr-defined]  # an application of ours
    override = an_override(value=7_000.0, valid_until=today)
    for standing in (False, True):
        if standing:
            store.add_override(override)
        question = {"customer_id": "C1", "amount_eur": 5_000.5, "terms_days": 45}
        response = client.post("/v1/decisions", json=question)
        assert response.status_code == 200, response.text
        assert (response.json()["limit_in_force_eur"] == 7_000.0) is standing
        found = again(client, response.json()["answer_id"], today=True)
        assert (found["equal"], found["differences"], found["with_today"]["equal"]) == (True, [], True)


def test_what_the_reasons_of_an_earlier_version_did_not_say_is_no_difference():
    then = {"p_late30": {"reasons": [{"group": "size", "contribution": 0.1}]}}
    now = {"p_late30": {"reasons": [{"group": "size", "contribution": 0.1, "feature": "headcount"}]}}
    assert as_then(now, then) == then
    assert as_then({"p_late30": {"reasons": []}}, then) == {"p_late30": {"reasons": []}}
