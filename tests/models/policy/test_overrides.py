import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import PolicyError
from models.policy.document import load_policy, policy_from_text
from models.policy.grades import GRADES
from models.policy.limit.limit import recommend_limit
from models.policy.overrides import effective, largest_limit, override_faults, recommended_eur, set_by_hand
from tests.models.policy.builders import a_case, earlier_policy

POLICY = load_policy()
RULES = POLICY.overrides
TODAY = dt.date(2026, 11, 21)
REASON = "the parent company has signed a guarantee"
SMALL: dict[str, Any] = {"net_worth_eur": 40_000.0}
"""Of a customer whose limit an analyst may raise."""
euros = st.floats(0, 1e7)


@dataclass(frozen=True)
class Set:
    """An override as the store would keep it."""

    kind: str
    value: float | str
    last: dt.date = dt.date(2027, 1, 1)
    more: dict[str, Any] = field(default_factory=dict)

    def in_force(self, on: dt.date) -> bool:
        return on <= self.last

    def document(self) -> dict[str, Any]:
        return {"kind": self.kind, "value": self.value}


def an_answer(grade: str = "B", **changes: object) -> dict[str, Any]:
    """What the parts of an assessment's document say that overrides look at."""
    case = replace(a_case(), grade=grade, **changes)  # type: ignore[arg-type]  # fields by name
    limit = recommend_limit(case, POLICY)
    terms = [
        {"name": t.name, "value_eur": t.value_eur, "label_fr": t.label_fr, "label_en": t.label_en}
        for t in limit.terms
    ]
    told = {"limit_eur": limit.limit_eur, "binding": limit.binding, "terms": terms}
    return {"grade": grade, "case": case.document(), "limit": told}


def faults(**changes: object) -> dict[str, str]:
    told: dict[str, Any] = {
        "kind": "limit",
        "value": an_answer(**SMALL)["limit"]["limit_eur"] + 100,
        "reason": REASON,
        "valid_until": TODAY + dt.timedelta(days=30),
        "role": "analyst",
        "own": an_answer(**SMALL),
        "today": TODAY,
        "policy": POLICY,
    }
    return {fault.field: fault.message for fault in override_faults(**(told | changes))}


def test_an_override_within_the_policy_has_no_fault():
    assert faults() == {}
    assert faults(kind="grade", value="A") == {}
    assert faults(role="admin") == {}
    assert faults(value=0.0) == {}


def test_every_fault_is_told_at_once():
    found = faults(value=1e9, reason="because", valid_until=TODAY + dt.timedelta(days=500), role="sales")
    assert set(found) == {"value", "reason", "valid_until", "role"}


@pytest.mark.parametrize(
    ("changes", "at_fault"),
    [
        ({"kind": "terms"}, "kind"),
        ({"value": -1.0}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": float("inf")}, "value"),
        ({"value": "B"}, "value"),
        ({"value": True}, "value"),
        ({"kind": "grade", "value": "F"}, "value"),
        ({"kind": "grade", "value": 3.0}, "value"),
        ({"kind": "grade", "value": "A", "own": an_answer("D")}, "value"),
        ({"reason": " " * 40}, "reason"),
        ({"reason": "a" + " " * 40 + "b"}, "reason"),
        ({"valid_until": TODAY - dt.timedelta(days=1)}, "valid_until"),
        ({"role": "batch"}, "role"),
    ],
)
def test_what_the_policy_does_not_allow_is_named_by_field(changes: dict[str, Any], at_fault: str):
    assert list(faults(**changes)) == [at_fault]


def test_a_limit_above_the_models_own_is_set_within_the_level_of_who_sets_it():
    own = an_answer()
    assert own["limit"]["limit_eur"] == 28_000.0
    for value in (0.0, 20_000.0, 28_000.0):
        assert faults(own=own, value=value) == {}
    told = faults(own=own, value=28_100.0)["value"]
    assert "from 0 to 28,000.00 is allowed to the role analyst" in told
    assert "the level of credit manager approves it" in told
    assert faults(own=own, value=28_100.0, role="admin") == {}
    assert faults(own=own, value=28_100.0, policy=earlier_policy()) == {}
    shared = an_answer(**SMALL, entity_open_eur=5_000.0)
    assert list(faults(own=shared, value=20_100.0)) == ["value"]


def test_a_limit_that_waits_for_approval_may_be_set_up_to_what_is_recommended():
    rich: dict[str, Any] = {"net_worth_eur": 1e6, "turnover_eur": 1e8, "pd_12m": 0.001}
    own = an_answer(**rich, peak_exposure_eur=240_000.0)
    assert (own["limit"]["limit_eur"], own["limit"]["binding"]) == (100_000.0, "without_approval")
    assert recommended_eur(own, POLICY) == 240_000.0
    assert faults(own=own, value=240_000.0, role="admin") == {}
    assert faults(own=own, value=100_000.0) == {}
    assert list(faults(own=own, value=100_100.0)) == ["value"]


@pytest.mark.parametrize(
    ("overrides", "limit_eur", "grade"),
    [
        ([], None, None),
        ([Set("limit", 9_000.0)], 9_000.0, None),
        ([Set("grade", "C")], None, "C"),
        ([Set("grade", "C"), Set("limit", 9_000.0)], 9_000.0, "C"),
    ],
)
def test_a_decision_is_asked_for_with_what_a_person_has_set(
    overrides: list[Set], limit_eur: float | None, grade: str | None
):
    told = effective(an_answer(), overrides, TODAY, POLICY).document()
    assert set_by_hand(told, POLICY) == (limit_eur, grade)
    stopped = effective(an_answer(closed=True), overrides, TODAY, POLICY).document()
    assert set_by_hand(stopped, POLICY) == (None, None)


def test_by_an_earlier_policy_the_limit_of_a_grade_was_computed_before_and_the_grade_did_not_count():
    told = effective(an_answer(), [Set("grade", "C")], TODAY, earlier_policy()).document()
    assert set_by_hand(told, earlier_policy()) == (told["limit_eur"], None)


@pytest.mark.parametrize(
    "stop",
    [{"open_proceeding": True}, {"closed": True}, {"in_default": True}, {"oldest_overdue_days": 200.0}],
)
def test_no_override_is_set_against_a_stop(stop: dict[str, Any]):
    own = an_answer(**stop)
    for kind, value in (("limit", 100.0), ("grade", "B")):
        found = faults(kind=kind, value=value, own=own)
        assert list(found) == ["customer_id"]
        assert "no override lifts it" in found["customer_id"]


@given(euros)
def test_the_largest_limit_never_lies_below_the_models_own_nor_beyond_the_increase(own: float):
    most = largest_limit(own, RULES)
    assert own <= most <= own + RULES.largest_increase_eur


@given(euros, euros)
def test_a_larger_limit_of_the_model_never_lowers_what_may_be_set(one: float, other: float):
    low, high = sorted((one, other))
    assert largest_limit(low, RULES) <= largest_limit(high, RULES)


def test_without_an_override_the_model_is_in_force():
    answer = an_answer()
    found = effective(answer, [], TODAY)
    assert (found.limit_eur, found.limit_from) == (answer["limit"]["limit_eur"], "model")
    assert (found.grade, found.grade_from, found.overrides) == ("B", "model", ())


def test_the_newest_override_of_each_kind_counts_and_the_models_own_stays_beside():
    own = an_answer()
    found = effective(own, [Set("limit", 1.0), Set("grade", "C"), Set("limit", 2.0)], TODAY)
    assert (found.limit_eur, found.limit_from, found.grade, found.grade_from) == (
        2.0,
        "override",
        "C",
        "override",
    )
    assert (found.own_limit_eur, found.own_grade) == (own["limit"]["limit_eur"], "B")
    assert len(found.overrides) == 3


def test_an_override_that_is_over_does_not_count():
    found = effective(an_answer(), [Set("limit", 1.0, TODAY - dt.timedelta(days=1))], TODAY)
    assert (found.limit_from, found.overrides) == ("model", ())


@pytest.mark.parametrize("grade", GRADES)
def test_a_grade_alone_makes_the_limit_that_the_policy_gives_it(grade: str):
    own = an_answer("C")
    found = effective(own, [Set("grade", grade)], TODAY, POLICY)
    assert found.limit_eur == an_answer(grade)["limit"]["limit_eur"]
    assert (found.own_limit_eur, found.own_grade) == (own["limit"]["limit_eur"], "C")
    assert effective(own, [Set("grade", grade)], TODAY).limit_from == "model"


@pytest.mark.parametrize("stop", [{"open_proceeding": True}, {"closed": True}])
def test_a_stop_beats_an_override_set_before_it(stop: dict[str, Any]):
    found = effective(an_answer(**stop), [Set("limit", 9_000.0), Set("grade", "A")], TODAY, POLICY)
    assert (found.limit_eur, found.limit_from, found.grade_from) == (0.0, "stop", "stop")


def test_the_document_tells_both():
    document = effective(an_answer(), [Set("limit", 1.0)], TODAY).document()
    assert document["limit_eur"] == 1.0
    assert document["own_limit_eur"] == an_answer()["limit"]["limit_eur"]
    assert document["overrides"] == [{"kind": "limit", "value": 1.0}]


def test_an_unknown_role_in_the_policy_is_a_fault_with_its_line():
    from importlib.resources import files

    text = files("models.policy").joinpath("policy.toml").read_text(encoding="utf-8")
    broken = text.replace('roles = ["analyst"]', 'roles = ["analyst", "boss"]')
    with pytest.raises(
        PolicyError, match=r"overrides\.roles\[1\]: got 'boss'; allowed is one of sales, analyst, batch, and"
    ):
        policy_from_text(broken, "policy.toml")
