"""A champion is watched on what it had not learnt; what has not matured never counts."""

import datetime as dt

import numpy as np
import pytest

from models.errors import ModelError, NotEnoughDataError
from models.ledger.ledger import Ledger
from pipelines.ledger_parts import LedgerInMemory
from pipelines.monitoring.questions import Questions, draw_questions, learnt_until, require_newest
from pipelines.training.params import MonitorParams
from tests.builders import a_filing, a_ledger, a_payment, an_invoice, number
from tests.models.fitted import fitted
from tests.pipelines.fake_models import FakeModel

PARAMS = MonitorParams(window_days=60)


def learnt(target: str, day: int, **parameters: int) -> FakeModel:
    """Return a model whose last question was on a day."""
    return FakeModel(
        target=target,
        facts={"period_ends": {"test": str(np.datetime64(day, "D"))}, "parameters": parameters},
    )


def paid(invoice: str, issued: int, after: int = 30) -> tuple[dict[str, object], dict[str, object]]:
    return an_invoice(invoice, issued, issued + 30), a_payment(invoice, issued + after)


def questions(ledger: Ledger, model: FakeModel, day: int) -> Questions:
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    return draw_questions(LedgerInMemory.of(ledger, as_of), [model], PARAMS)[0]


def test_what_a_model_knows_ends_with_the_outcome_of_its_last_question():
    day = dt.date(2025, 3, 1).toordinal() - dt.date(1970, 1, 1).toordinal()
    assert learnt_until(learnt("late30", day)) == day
    assert learnt_until(learnt("default12", day)) == day + 365


def test_a_model_that_does_not_say_what_it_learnt_is_refused():
    for facts in ({}, {"period_ends": {"test": "some day"}}):
        with pytest.raises(ModelError, match="up to which day"):
            learnt_until(FakeModel(target="late30", facts=facts))


def test_the_newest_questions_lie_in_the_window_told_or_not():
    documents, payments = zip(paid("OLD", 0), paid("NEW", 300), strict=True)
    rows = questions(a_ledger(documents, payments), learnt("late30", number(10)), number(320)).newest
    assert set(rows.subject) == {"NEW"}
    assert rows.day.min() >= number(320 - 60)
    assert np.isnan(rows.label).all()


def test_a_period_in_which_nothing_is_asked_is_refused():
    documents, payments = paid("OLD", 0)
    model = learnt("late30", number(10))
    rows = questions(a_ledger([documents], [payments]), model, number(500)).newest
    with pytest.raises(NotEnoughDataError, match="nothing can be asked of late30 in the 60 days"):
        require_newest(rows, model, number(500), PARAMS)


def test_an_invoice_counts_from_the_day_its_days_have_run_out_even_if_it_is_paid_before():
    documents, payments = zip(paid("F1", 100, after=5), paid("F2", 110), strict=True)
    ledger, model = a_ledger(documents, payments), learnt("late30", number(50))
    for day, told in ((160, set()), (161, {"F1"}), (170, {"F1"}), (171, {"F1", "F2"})):
        assert set(questions(ledger, model, number(day)).matured.subject) == told


def test_an_invoice_issued_before_the_model_had_learnt_never_counts_even_asked_about_later():
    documents, payments = zip(paid("F1", 40, after=50), paid("F2", 51, after=50), strict=True)
    rows = questions(a_ledger(documents, payments), learnt("late30", number(50)), number(400)).matured
    assert set(rows.subject) == {"F2"}
    assert rows.day.min() == number(51)
    assert not np.isnan(rows.label).any()


def test_a_customer_counts_when_its_12_months_have_run_out_even_if_it_failed_before():
    documents, payments = paid("F1", 0)
    failed = a_filing("liquidation", 480, 485)
    ledger = a_ledger([documents], [payments], filings=[failed])
    model = learnt("default12", number(31))  # asked on 1 February 2024, told on 1 February 2025
    assert len(questions(ledger, model, number(789)).matured) == 0
    rows = questions(ledger, model, number(800)).matured
    assert rows.day.tolist() == [
        number(425)
    ]  # 1 March 2025: the first that no outcome learnt from could tell
    assert rows.label.tolist() == [1.0]


@pytest.mark.parametrize("which", ["late", "default"])
def test_on_a_whole_portfolio_no_question_counts_before_its_time_or_from_what_was_learnt(which: str):
    target = {"late": "late30", "default": "default12"}[which]
    builder, cut = fitted().builder, fitted().cut
    last = cut - (200 if which == "late" else 850)
    rows = questions(fitted().ledger, learnt(target, last), cut).matured
    assert len(rows) > 50
    assert not np.isnan(rows.label).any()
    assert rows.day.min() > last
    if which == "late":
        place = {invoice: code for code, invoice in enumerate(builder.book.invoice_ids)}
        document = np.array([place[invoice] for invoice in rows.subject])
        assert (builder.book.issued[document] > last).all()
        assert (builder.book.passes(30)[document] <= cut).all()
    else:
        assert rows.day.min() >= last + 365
        assert rows.day.max() <= cut - 365
