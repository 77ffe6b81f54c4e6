"""Answers on states that another version stored: the same to the last digit, or a refusal that says why."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assessment.assessment import Assessment, CreditRequest, CustomerState
from models.assessment.counterfactuals import counterfactuals
from models.assessment.customer_context import ALWAYS_READ, FACTS
from models.errors import StateError
from models.features.build import CUSTOMER_FEATURES, STATE_SCHEMA
from models.features.state_schema import StateField, StateSchema, StateVector, unversioned
from models.features.table import RENAMED, names
from models.wording.messages import french
from tests.models.features.versions import in_order, renamed, stored_by, with_newer, without
from tests.models.fitted import fitted
from tests.models.states import some_states, with_overdue

REQUEST = CreditRequest(5_000.0, 30)
orders = st.permutations(range(len(STATE_SCHEMA.fields)))


def stored(state: CustomerState, schema: StateSchema) -> CustomerState:
    return replace(state, vector=stored_by(state.vector, schema))


def answer(state: CustomerState) -> Assessment:
    """Answer, leaving out the hash of the numbers as they are stored."""
    return replace(fitted().assessor.assess(state, REQUEST), features_hash="")


@settings(max_examples=20, deadline=None)
@given(orders, st.integers(0, 19))
def test_whatever_the_order_of_the_columns_facts_and_answers_are_equal(order: list[int], place: int):
    state = some_states(20)[place]
    other = stored(state, in_order(STATE_SCHEMA, order))
    one, two = fitted().assessor.know([state, other])
    assert (two.facts, two.case_without_order, two.grade) == (one.facts, one.case_without_order, one.grade)
    assert answer(other) == answer(state)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, len(STATE_SCHEMA.fields)), st.integers(0, 19))
def test_after_a_rollback_what_the_newer_version_added_is_left_out(at: int, place: int):
    state = some_states(20)[place]
    assert answer(stored(state, with_newer(STATE_SCHEMA, at))) == answer(state)


def test_the_hash_on_the_answer_is_that_of_the_stored_numbers():
    state = some_states(1)[0]
    other = stored(state, with_newer(STATE_SCHEMA))
    found = fitted().assessor.assess(other, REQUEST).features_hash
    assert found == other.vector.hash != state.vector.hash


def test_a_state_may_lack_what_neither_models_nor_policy_read():
    state = some_states(1)[0]
    assert answer(stored(state, without(STATE_SCHEMA, "limit_in_force_eur"))) == answer(state)


@pytest.mark.parametrize("name", sorted({*FACTS, "past_invoices", *names(CUSTOMER_FEATURES[::20])}))
def test_a_state_that_lacks_what_is_read_is_refused_by_its_name(name: str):
    state = stored(some_states(1)[0], without(STATE_SCHEMA, name))
    with pytest.raises(StateError, match=f"read: {name}; run `encours nightly`"):
        fitted().assessor.assess(state, REQUEST)
    assert fitted().assessor.lacks(state.vector.schema) == (name,)


def test_a_refusal_is_one_sentence_in_french_too():
    nameless = StateVector(unversioned(3), np.zeros(3))
    with pytest.raises(StateError) as found:
        fitted().assessor.assess(replace(some_states(1)[0], vector=nameless), REQUEST)
    told = " ".join(french(str(found.value)).split())
    assert "il leur manque ce que lisent les modèles ou la politique : accounts_age_days, " in told
    assert told.endswith(", … ; lancez `encours nightly`, puis reposez la question")


def test_one_state_that_is_refused_does_not_pass_unseen_among_others():
    lacking = stored(some_states(1)[0], without(STATE_SCHEMA, "turnover"))
    with pytest.raises(StateError, match="turnover"):
        fitted().assessor.assess_many([*some_states(3), lacking], [REQUEST] * 4)


def test_a_column_that_was_renamed_counts_under_its_new_name(monkeypatch: pytest.MonkeyPatch):
    state, earlier = some_states(1)[0], {"open_eur": "owed_eur", "insured_limit_eur": "cover_eur"}
    today = {then: now for now, then in earlier.items()}
    schema = renamed(STATE_SCHEMA, earlier)
    other = replace(state, vector=stored_by(state.vector, schema, today))
    assert fitted().assessor.lacks(schema) == ("insured_limit_eur", "open_eur")
    for name, now in today.items():
        monkeypatch.setitem(RENAMED, name, now)
    assert answer(other) == answer(state)


def test_a_past_of_another_shape_is_refused_and_open_invoices_and_hazards_may_lack():
    shorter = StateSchema(
        tuple(
            StateField(one.name, (*one.axes[:-1], one.axes[-1][:-1])) if one.axes else one
            for one in STATE_SCHEMA.fields
        )
    )
    assert fitted().assessor.lacks(shorter) == ("past_invoices",)
    assert fitted().assessor.lacks(without(STATE_SCHEMA, "open_invoices", "parent_hazards")) == ()
    assert "past_invoices" in ALWAYS_READ


@settings(max_examples=5, deadline=None)
@given(orders)
def test_what_would_move_an_answer_is_the_same_too(order: list[int]):
    for state in with_overdue(3):
        other = stored(state, in_order(STATE_SCHEMA, order))
        assert counterfactuals(fitted().assessor, other, REQUEST) == counterfactuals(
            fitted().assessor, state, REQUEST
        )


def test_a_state_that_lacks_a_figure_is_not_edited_as_if_it_had_paid():
    for state in with_overdue(10):
        found = counterfactuals(
            fitted().assessor, stored(state, without(STATE_SCHEMA, "limit_in_force_eur")), REQUEST
        )
        assert "overdue_paid" not in {one.code for one in found}
