from dataclasses import fields

import pytest
from pydantic import BaseModel

from models import assessment
from serving import answers, store

PAIRS: list[tuple[type, type[BaseModel]]] = [
    (assessment.Assessment, answers.AssessmentOut),
    (assessment.Party, answers.PartyOut),
    (assessment.CreditRequest, answers.CreditRequestOut),
    (assessment.Probability, answers.ProbabilityOut),
    (assessment.Reason, answers.ReasonOut),
    (assessment.CreditLimit, answers.CreditLimitOut),
    (assessment.CreditCase, answers.CreditCaseOut),
    (assessment.LimitTerm, answers.LimitTermOut),
    (store.CustomerSummary, answers.CustomerLineOut),
    (store.InvoiceRow, answers.InvoiceOut),
    (store.Page, answers.CustomerPageOut),
]


@pytest.mark.parametrize(("inside", "outside"), PAIRS)
def test_the_api_describes_every_field_that_goes_out(inside: type, outside: type[BaseModel]):
    assert {field.name for field in fields(inside)} == set(outside.model_fields)
