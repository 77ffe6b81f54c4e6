"""What is written says what the documents say, for customers of every kind."""

import datetime as dt
from functools import cache

import numpy as np
import orjson
import pytest

from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.customer_context import CustomerContext
from models.assessment.party import Party
from models.features.build import STATE_SCHEMA
from models.features.state_schema import StateVector
from models.policy.overrides import effective
from serving.audit.answers import in_force_of, write_answer
from serving.schemas.records import AnsweredAssessmentOut
from serving.store import Override
from tests.models.fitted import fitted
from tests.serving.store.builders import NOW

EPOCH = dt.date(1970, 1, 1)
REQUESTS = (
    CreditRequest(),
    CreditRequest(12_345.67, 45),
    CreditRequest(1e-7, 0),
    CreditRequest(9e6, 365, 1.0),
)
UNTIL = dt.date(2099, 1, 1)
OVERRIDDEN = Override("C3", "limit", 4_321.0, "a guarantee is on file", "anne", UNTIL, created_at=NOW)


@cache
def known() -> list[CustomerContext]:
    """Return forty customers of a demo and one of whom nothing is known."""
    made = fitted()
    vectors = made.builder.state_vectors(np.arange(40), np.full(40, made.cut))
    unknown = StateVector(STATE_SCHEMA, np.full(STATE_SCHEMA.length, np.nan))
    as_of = EPOCH + dt.timedelta(days=made.cut)
    states = [
        CustomerState(Party(f"C{at}", f'Société "{at}" & Fils é€\u202f', naf="46.31Z"), as_of, vector)
        for at, vector in enumerate((*vectors, unknown))
    ]
    return made.assessor.know(states)


@pytest.mark.parametrize("overrides", [(), (OVERRIDDEN,)])
@pytest.mark.parametrize("request_", REQUESTS)
def test_the_text_is_that_of_the_documents(request_: CreditRequest, overrides: tuple[Override, ...]):
    assessor, today = fitted().assessor, known()[0].state.as_of
    for one, answer in zip(known(), assessor.answer(known(), [request_] * len(known())), strict=True):
        in_force = in_force_of(answer, overrides, today, assessor.policy)
        written = write_answer(answer, "f" * 32, in_force, {"facts": None})
        alone = assessor.assess(one.state, request_).document()
        counts = effective(alone, overrides, today, assessor.policy).document()
        said = {**alone, "answer_id": "f" * 32, "in_force": counts, "facts": None}
        assert orjson.loads(written) == said
        AnsweredAssessmentOut.model_validate(said)
