"""Policies without the keys of a later version go on meaning what they meant, to the last digit."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from models.policy.credit_case import CreditCase
from models.policy.decision.decision import decide
from models.policy.decision.order import Order
from models.policy.sections.exposure import OPEN_INVOICES_ALONE
from tests.models.policy.builders import earlier_policy

POLICY = earlier_policy()
ANSWERED = json.loads(Path(__file__).with_name("earlier_decisions.json").read_text(encoding="utf-8"))
"""Drawn orders, one of each kind of answer, as the version before levels approved limits decided on them."""
LATER = ("recommended_limit_eur",)
CALLED = {
    "refer": {"label_fr": "décision à prendre par une personne", "label_en": "a person decides"},
}
"""What that version called an outcome that has another name since."""


def test_a_policy_of_an_earlier_version_says_nothing_of_what_came_later():
    rules = POLICY.decision
    assert (POLICY.unapproved_limit_eur, POLICY.exposure) == (None, OPEN_INVOICES_ALONE)
    assert (rules.within_tolerance, rules.de_minimis_eur) == ("accept", 0.0)


@pytest.mark.parametrize("told", ANSWERED, ids=lambda told: str(told["answer"]["document"]))
def test_it_decides_as_it_did(told: dict[str, Any]):
    unknown = dict.fromkeys(
        ("yearly_sales_forecast_eur", "peak_exposure_eur", "net_worth_eur", "turnover_eur")
    )
    case = CreditCase.from_document(unknown | told["case"])
    found = decide(case, Order(**told["order"]), POLICY, **told["asked"]).document()
    answer = told["answer"]
    assert found["outcome"] == answer["outcome"]
    assert [reason["code"] for reason in found["reasons"]] == answer["reasons"]
    assert [[one["code"], one["value"], one["role"]] for one in found["conditions"]] == answer["conditions"]
    assert found["approval"]["role"] == answer["approval"]
    assert found["limit_in_force_eur"] == answer["in_force_eur"]
    assert found["exposure_after_eur"] == answer["after_eur"]
    said = {name: value for name, value in found.items() if name not in LATER}
    said |= CALLED.get(found["outcome"], {})
    del said["order"]["commitments"]
    # Policy hash and sentences are part of it.
    document = json.dumps(said, sort_keys=True).encode()
    assert hashlib.sha256(document).hexdigest()[:16] == answer["document"]
