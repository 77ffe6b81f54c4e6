import json
import time
import uuid

import numpy as np

from models.assessment.assessment import CreditRequest, CustomerState, RelatedExposure
from models.assessment.party import Party
from models.policy.document import load_policy
from serving.audit.answers import Answer, in_force_of
from serving.audit.entries import entry_of, entry_of_answer, kept, new_answer_id, new_answer_ids
from serving.callers import Caller
from serving.schemas.questions import AssessmentIn
from serving.store.versions import state_columns
from tests.serving.fakes import an_assessment
from tests.serving.store.builders import AS_OF, NOW, a_vector

CALLER = Caller("anne", "analyst", "session", "secret")
STATE = CustomerState(Party("C1"), AS_OF, a_vector(1.0, np.nan), RelatedExposure(1.0, 2.0, 3.0))


def test_every_answer_has_an_id_of_its_own():
    ids = {new_answer_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids)


def test_ids_are_uuids_that_begin_with_their_moment():
    before = time.time_ns() // 1_000_000
    ids = [uuid.UUID(one) for one in new_answer_ids(500)]
    assert {(one.version, one.variant) for one in ids} == {(7, uuid.RFC_4122)}
    assert all(before <= one.int >> 80 <= time.time_ns() // 1_000_000 for one in ids)
    assert len({one.int & ((1 << 62) - 1) for one in ids}) == 500


def test_an_entry_says_who_asked_and_carries_no_secret_of_theirs():
    entry = entry_of(CALLER, "override", {"value": 1.0}, {}, "C1")
    assert (entry.who, entry.role, entry.via, entry.customer_id) == ("anne", "analyst", "session", "C1")
    assert entry.at.tzinfo is not None
    assert "secret" not in json.dumps(entry.document())


def test_an_answers_entry_names_the_versions_it_rests_on_and_its_state():
    assessment = an_assessment(Party("C1"), CreditRequest())
    told = kept(STATE, assessment.features_hash)
    in_force = in_force_of(assessment, (), STATE.as_of, load_policy())
    answer = Answer("a" * 32, b"{}", AssessmentIn(customer_id="C1"), assessment, in_force)
    entry = entry_of_answer(CALLER, "assessment", answer, state_columns(told), NOW)
    assert (entry.plain["late_model"], entry.plain["default_model"]) == ("late/3", "default/2")
    assert entry.plain["policy_hash"] == assessment.policy_hash
    assert entry.plain["features_hash"] == assessment.features_hash
    assert (entry.answer, entry.plain["answer_id"]) == (answer.body, answer.answer_id)
    assert entry.state is not None
    assert entry.state["state_hash"] == told.state_hash
    assert told.surroundings == {
        "entity_in_default": False,
        "entity_oldest_overdue_days": 0.0,
        "entity_open_eur": 0.0,
        "entity_pd_12m": 0.0,
        "group_open_eur": 1.0,
        "sector_open_eur": 2.0,
        "portfolio_open_eur": 3.0,
    }
