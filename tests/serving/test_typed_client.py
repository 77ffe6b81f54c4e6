"""A typed client is generated from the description alone, and gets typed answers from the running API."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from serving.api.description import operations
from tests.serving.make_examples import PROSPECT
from tests.serving.running import running
from tests.serving.served import an_app_over, served

NAME = "encours_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Generate the client offline, and make it importable."""
    folder = tmp_path_factory.mktemp("generated")
    source = folder / "openapi.json"
    source.write_text(json.dumps(served().app.openapi()), encoding="utf-8")
    found = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, source, "utf-8", overwrite=False, output_path=folder / NAME
    )
    assert [(error.header, error.detail) for error in generate(config=found)] == []
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def client(package: str) -> Iterator[object]:
    with running(an_app_over(served().store)) as url:
        made = importlib.import_module(f"{package}.client").AuthenticatedClient(
            url, served().keys["admin"], raise_on_unexpected_status=True
        )
        with made as opened:
            yield opened


def operation(name: str) -> ModuleType:
    return importlib.import_module(f"{NAME}.api.{name.partition('_')[0]}.{name}")


def shape(name: str) -> Any:  # noqa: ANN401  # a class that does not exist before the test
    return getattr(importlib.import_module(f"{NAME}.models"), name)


def test_every_operation_of_the_description_has_a_function(package: str):
    made = Path(str(importlib.import_module(package).__file__)).parent / "api"
    functions = {path.stem for path in made.rglob("*.py")} - {"__init__"}
    assert functions == set(operations(served().app.openapi()))


def test_questions_without_a_body_are_answered_with_their_types(client: object):
    for name, expected in (
        ("health_readyz", "ReadyOut"),
        ("customers_search", "CustomerPageOut"),
        ("portfolio_portfolio", "PortfolioOut"),
        ("alerts_alerts", "AlertPageOut"),
        ("worklist_worklist", "WorklistPageOut"),
        ("models_models", "ModelsOut"),
        ("policy_policy", "PolicyOut"),
        ("audit_read", "AuditPageOut"),
        ("overrides_read", "OverridesOut"),
        ("worklist_actions", "ActionPageOut"),
        ("reviews_read", "ReviewPageOut"),
        ("assignments_read", "AssignmentsOut"),
    ):
        answer = operation(name).sync_detailed(client=client)
        assert (answer.status_code, type(answer.parsed).__name__) == (200, expected), name


def test_a_customers_file_comes_with_typed_figures(client: object):
    found = operation("customers_customer").sync(served().owing, client=client)
    assert isinstance(found, shape("CustomerFileOut"))
    assert found.exposure.open_eur == pytest.approx(found.aged_balance.net_eur)
    assert found.as_of == served().as_of
    assert found.assessment.pd_12m.reasons[0].sentence_fr


def test_an_order_is_decided_on(client: object):
    question = shape("DecisionIn")(amount_eur=900.0, terms_days=30, customer_id=served().owing)
    found = operation("decisions_decide").sync(client=client, body=question)
    assert isinstance(found, shape("DecisionOut"))
    assert found.order.amount_eur == 900.0


def test_a_prospect_and_a_batch_are_assessed(client: object):
    question = shape("AssessmentIn").from_dict({"prospect": PROSPECT})
    assert operation("assessments_assess").sync(client=client, body=question).history == "none"
    many = shape("BatchIn")(items=[question, shape("AssessmentIn")(customer_id="nobody")])
    found = operation("assessments_assess_many").sync(client=client, body=many)
    assert (found.answered, found.refused) == (1, 1)
    assert found.items[1].problem.status == 404


def test_late_interest_is_computed(client: object):
    question = shape("PenaltyIn").from_dict(
        {"amount_eur": "15000.00", "due_on": "2025-01-31", "paid_on": "2025-03-02", "contract_rate": "0.15"}
    )
    assert operation("penalties_penalties").sync(client=client, body=question).interest_eur == "184.93"


def test_a_problem_is_typed_too(client: object):
    found = operation("customers_customer").sync("nobody", client=client)
    assert isinstance(found, shape("Problem"))
    assert (found.status, found.errors[0].field) == (404, "customer_id")
