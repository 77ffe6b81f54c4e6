"""What is written the quick way says what the documents say, for customers of every kind."""

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
from serving.known.writing import Form, write
from serving.store import Override, packing
from serving.store.forms import EDGE
from tests.models.fitted import fitted

EPOCH = dt.date(1970, 1, 1)
REQUESTS = (
    CreditRequest(),
    CreditRequest(12_345.67, 45),
    CreditRequest(1e-7, 0),
    CreditRequest(9e6, 365, 1.0),
)
OTHER = CreditRequest(777.0, 21, 1_000.0)
"""What was asked first, when the form was made."""
OVERRIDDEN = Override("C3", "limit", 4_321.0, "a guarantee is on file", "anne", dt.date(2099, 1, 1))


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


def form_of(one: CustomerContext, request: CreditRequest) -> Form:
    """Return the form of a customer who was asked about something else before."""
    return Form.of(fitted().assessor.answer([one], [request])[0])


@pytest.mark.parametrize("overrides", [(), (OVERRIDDEN,)])
@pytest.mark.parametrize("request_", REQUESTS)
def test_the_text_is_that_of_the_documents(request_: CreditRequest, overrides: tuple[Override, ...]):
    assessor, today = fitted().assessor, known()[0].state.as_of
    for one, answer in zip(known(), assessor.answer(known(), [request_] * len(known())), strict=True):
        written = write(answer, "f" * 32, form_of(one, OTHER), overrides, today, assessor.policy)
        alone = assessor.assess(one.state, request_).document()
        in_force = effective(alone, overrides, today, assessor.policy).document()
        assert orjson.loads(written.body) == {**alone, "answer_id": "f" * 32, "in_force": in_force}


def test_the_parts_and_what_fills_them_in_are_the_text():
    assessor, today = fitted().assessor, known()[0].state.as_of
    for one, answer in zip(known(), assessor.answer(known(), [REQUESTS[1]] * len(known())), strict=True):
        form = form_of(one, OTHER)
        written = write(answer, "f" * 32, form, (), today, assessor.policy)
        parts, gaps = form.text.split(EDGE), [*written.gaps.split(EDGE), b""]
        assert b"".join(part + gap for part, gap in zip(parts, gaps, strict=True)) == written.body


def test_what_fills_a_form_in_takes_a_fifth_of_its_length():
    assessor, today = fitted().assessor, known()[0].state.as_of
    answers = assessor.answer(known(), [REQUESTS[1]] * len(known()))
    forms = [form_of(one, OTHER) for one in known()]
    written = [
        write(answer, f"{at:032x}", form, (), today, assessor.policy)
        for at, (answer, form) in enumerate(zip(answers, forms, strict=True))
    ]
    gaps = [one.gaps for one in written]
    packed = packing.pack_gaps(gaps, [b""] * len(gaps))
    assert sum(map(len, packed)) * 5 < sum(map(len, gaps))


def test_a_form_is_the_same_whatever_is_asked_first_and_another_customers_is_not():
    one, other = known()[:2]
    assert form_of(one, OTHER).hash == form_of(one, REQUESTS[1]).hash
    assert form_of(one, OTHER).hash != form_of(other, OTHER).hash
