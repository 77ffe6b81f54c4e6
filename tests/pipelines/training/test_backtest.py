"""A backtest answers every question of the period, from what was known then, by a model of the cut."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.errors import LedgerError, NotEnoughDataError
from models.ledger.ledger import Ledger, as_known_on, from_frames
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import backtest_default, backtest_late, last_day
from pipelines.training.params import DefaultParams, LateParams
from tests.models.fitted import fitted

LATE = LateParams(most_rows=4000, max_rounds=40, rounds=20, num_leaves=7, max_depth=3)
DEFAULT = DefaultParams(most_rows=8000, max_rounds=40, num_leaves=7, max_depth=3)
CUT, UNTIL = dt.date(2026, 3, 31), dt.date(2026, 5, 15)


def ledger() -> Ledger:
    return fitted().ledger


@pytest.fixture(scope="module")
def late():
    return backtest_late(ledger(), CUT, UNTIL, 30, LATE)


def test_every_invoice_of_the_period_is_asked_about_once_at_its_issue(late):
    invoices = ledger().invoices
    day = invoices["issued_on"]
    issued = invoices[
        (invoices["kind"] == "invoice") & (day >= pd.Timestamp(CUT)) & (day <= pd.Timestamp(UNTIL))
    ]
    answers = late.answers
    assert list(answers.columns) == [
        "invoice_id", "customer_id", "asked_on", "due_on", "p_late",
        "days_late_p10", "days_late_p50", "days_late_p90",
        "p_late_0", "p_late_5", "p_late_15", "p_late_30", "p_late_60",
    ]  # fmt: skip
    assert sorted(answers["invoice_id"]) == sorted(issued["invoice_id"])
    asked = answers.set_index("invoice_id")["asked_on"]
    assert (asked == issued.set_index("invoice_id")["issued_on"].reindex(asked.index)).all()


def test_probabilities_and_quantiles_are_in_order(late):
    answers = late.answers
    assert answers["p_late"].between(0, 1).all()
    assert (answers["days_late_p10"] <= answers["days_late_p50"]).all()
    assert (answers["days_late_p50"] <= answers["days_late_p90"]).all()
    chances = answers[[f"p_late_{days}" for days in (0, 5, 15, 30, 60)]].to_numpy()
    assert (chances[:, 1:] <= chances[:, :-1]).all()
    assert np.abs(answers["p_late"] - answers["p_late_30"]).max() < 1e-12
    assert not answers.isna().any().any()


def test_it_ranks_better_than_chance(late):
    assert late.metrics["auc"] > 0.65


def test_what_comes_after_the_period_changes_no_answer(late):
    cut_short = as_known_on(ledger(), UNTIL)
    again = backtest_late(cut_short, CUT, UNTIL, 30, LATE)
    pd.testing.assert_frame_equal(again.answers, late.answers)


def test_default_is_asked_at_month_starts_of_customers_not_in_default():
    result = backtest_default(ledger(), dt.date(2025, 9, 30), dt.date(2025, 12, 31), DEFAULT)
    starts = set(result.answers["asked_on"].dt.strftime("%Y-%m-%d"))
    assert starts == {"2025-10-01", "2025-11-01", "2025-12-01"}
    assert result.answers["pd_12m"].between(0, 1).all()
    assert not result.answers.duplicated(["customer_id", "asked_on"]).any()


def test_default_works_on_accounts_and_filings_alone():
    whole, _ = simulate(600, 36, 5)
    bare = from_frames({"customers": whole.customers, "accounts": whole.accounts, "filings": whole.filings})
    result = backtest_default(bare, dt.date(2026, 1, 31), dt.date(2026, 3, 31), DEFAULT)
    assert len(result.answers)
    assert np.isfinite(result.answers["pd_12m"]).all()


def test_a_period_without_invoices_is_refused_with_its_dates():
    with pytest.raises(NotEnoughDataError, match="2030-01-01"):
        backtest_late(ledger(), dt.date(2029, 1, 1), dt.date(2030, 1, 1), 30, LATE)


def test_an_end_before_the_cut_is_refused():
    with pytest.raises(NotEnoughDataError, match="lies before"):
        backtest_default(ledger(), CUT, dt.date(2020, 1, 1), DEFAULT)


def test_a_ledger_without_events_is_refused():
    with pytest.raises(LedgerError, match="no event"):
        last_day(from_frames({}))
