from dataclasses import fields

import pytest
from pydantic import BaseModel

from models.assessment import assessment, counterfactuals
from models.explain import reasons
from models.law import insolvency, insolvency_words
from models.policy import approval
from models.policy.decision import reasons as decision_reasons
from models.portfolio import changes, concentration, dso, migration
from serving import store
from serving.schemas import answers
from serving.schemas import customers as customer_answers
from serving.schemas import decisions as decision_shapes
from serving.schemas import portfolio as portfolio_answers
from serving.usecases.limit_usage import usage_of

PAIRS: list[tuple[type, type[BaseModel]]] = [
    (assessment.Assessment, answers.AssessmentOut),
    (assessment.Party, answers.PartyOut),
    (insolvency.Insolvency, answers.InsolvencyFactsOut),
    (insolvency_words.InsolvencyNotice, answers.InsolvencyNoticeOut),
    (assessment.CreditRequest, answers.CreditRequestOut),
    (assessment.Probability, answers.ProbabilityOut),
    (reasons.Reason, answers.ReasonOut),
    (assessment.CreditLimit, answers.CreditLimitOut),
    (assessment.CreditCase, answers.CreditCaseOut),
    (assessment.LimitTerm, answers.LimitTermOut),
    (store.CustomerSummary, answers.CustomerLineOut),
    (store.InvoiceRow, answers.InvoiceOut),
    (store.SelectionTotals, answers.SelectionTotalsOut),
    (store.AlertRow, customer_answers.AlertOut),
    (store.HistoryPoint, customer_answers.HistoryPointOut),
    (store.PaidInvoice, customer_answers.PaidInvoiceOut),
    (store.Event, customer_answers.EventOut),
    (changes.Effect, customer_answers.EffectOut),
    (counterfactuals.Counterfactual, customer_answers.CounterfactualOut),
    (concentration.Concentration, portfolio_answers.SpreadOut),
    (dso.Dso, portfolio_answers.DsoOut),
    (migration.ClassLine, portfolio_answers.ClassLineOut),
    (decision_reasons.DecisionReason, decision_shapes.DecisionReasonOut),
    (approval.Approver, decision_shapes.ApproverOut),
]


def test_a_line_of_a_list_tells_where_its_customer_stands():
    told = set(usage_of("C1", 1.0, "A", 1.0, {}).document())
    assert told == set(answers.LimitUsageOut.model_fields)


def test_the_figures_of_an_alert_are_described():
    calm = changes.ComparedFigures(0.01, 0.2, "B", 1.0, 1.0, 0.0, open_proceeding=False, covered_eur=0.0)
    assert set(calm.document()) == set(customer_answers.FiguresOut.model_fields)


@pytest.mark.parametrize(("inside", "outside"), PAIRS)
def test_the_api_describes_every_field_that_goes_out(inside: type, outside: type[BaseModel]):
    told = {name for name in vars(inside) if name == "next_offset"}
    assert {field.name for field in fields(inside)} | told == set(outside.model_fields)
