"""Backtests: train on what was known at a cut-off date, predict afterwards, compare with the outcomes.

Each prediction uses the ledger as known on its own day, and a model that knows nothing after the cut-off.
Outcomes only serve for measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.errors import NotEnoughDataError
from models.features.build import FeatureBuilder
from models.features.running import day_numbers
from models.learning.delay_curve import REPORTED, reported
from models.learning.labels import (
    HORIZON_MONTHS,
    add_months,
    days_late_label,
    default_label,
    late_label,
    month_starts,
)
from models.learning.rows import DefaultRows, LateRows, draw_rows
from models.learning.starter.models import starter
from models.ledger.ledger import as_known_on, last_event
from pipelines.training.fit import fit
from pipelines.training.metrics import measure

if TYPE_CHECKING:
    import datetime as dt

    from models.arrays import Floats, Ints
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows
    from models.ledger.ledger import Ledger
    from pipelines.training.params import DefaultParams, LateParams
    from pipelines.training.plan import FitPlan

NO_TEST = (0.6, 0.15, 0.25, 0.0)


@dataclass(frozen=True, slots=True)
class Backtest:
    """Predictions, one row each, with the metrics where outcomes are known."""

    answers: pd.DataFrame
    metrics: dict[str, float]


def backtest_late(
    ledger: Ledger, cut: dt.date, until: dt.date, late_days: int, params: LateParams
) -> Backtest:
    """Predict, at its issue date, every invoice issued from `cut` to `until`, both included.

    Returns
    -------
    Predictions with invoice_id, customer_id, asked_on, due_on, p_late, days_late_p10, days_late_p50,
    days_late_p90 and `p_late_` with each of `REPORTED`, all from one curve; metrics where lateness by more
    than `late_days` is decided by the ledger's last day.

    Raises
    ------
    NotEnoughDataError
        No invoice was issued in the period, or too little was known at the cut-off.
    """
    first, last = _days(cut, until)
    model = late_model(ledger, cut, late_days, params)
    builder = FeatureBuilder.of(ledger)
    book = builder.book
    document = np.flatnonzero(
        book.is_invoice & (book.owner >= 0) & (book.issued >= first) & (book.issued <= last)
    )
    if not len(document):
        raise NotEnoughDataError(f"no invoice was issued from {cut} to {until}")
    asked = book.issued[document]
    frame = builder.documents(document, asked)
    probability, quantiles = model.probability(frame), model.days_late(frame)
    answers = pd.DataFrame(
        {
            "invoice_id": pd.Series(book.invoice_ids[document], dtype="str"),
            "customer_id": pd.Series(book.customer_ids[book.owner[document]], dtype="str"),
            "asked_on": _dates(asked),
            "due_on": _dates(book.due[document]),
            "p_late": probability,
            "days_late_p10": quantiles[:, 0],
            "days_late_p50": quantiles[:, 1],
            "days_late_p90": quantiles[:, 2],
            **_chances(model, frame),
        }
    )
    end = last_day(ledger)
    label = late_label(book, document, late_days, end)
    decided = ~np.isnan(label)
    metrics = measure(label[decided], probability[decided]) if decided.any() else {}
    days_late, final = days_late_label(book, document, end)
    if final.any():
        off = np.abs(days_late - quantiles[:, 1])[final]
        inside = (days_late >= quantiles[:, 0]) & (days_late <= quantiles[:, 2])
        metrics["days_late_mean_absolute_error"] = float(off.mean())
        metrics["days_late_p10_p90_coverage"] = float(inside[final].mean())
    return Backtest(answers, metrics)


def _chances(model: FittedModel, frame: pd.DataFrame) -> dict[str, Floats]:
    found = reported(model.chances(frame))
    return {f"p_late_{days}": found[:, place] for place, days in enumerate(REPORTED)}


def backtest_default(ledger: Ledger, cut: dt.date, until: dt.date, params: DefaultParams) -> Backtest:
    """Predict default within 12 months of every customer at each month start from `cut` to `until`.

    Works on financial statements and filings alone. Customers in default on the day are left out.

    Returns
    -------
    Predictions with customer_id, asked_on and pd_12m.

    Raises
    ------
    NotEnoughDataError
        No month starts in the period, or too little was known at the cut-off.
    """
    first, last = _days(cut, until)
    known = FeatureBuilder.of(as_known_on(ledger, cut))
    rows = draw_rows(known, DefaultRows(first, params.most_rows, params.seed, params.every_months))
    model = _learnt(rows, replace(params.plan("default12"), shares=NO_TEST))
    builder = FeatureBuilder.of(ledger)
    starts = month_starts(first, last)
    begins = builder.asked_from()
    count = len(begins)
    owner, day = np.repeat(np.arange(count), len(starts)), np.tile(starts, count)
    ask = (begins[owner] <= day) & ~builder.events.in_default(owner, day)
    owner, day = owner[ask], day[ask]
    if not len(owner):
        raise NotEnoughDataError(f"no customer can be asked about at a month start from {cut} to {until}")
    probability = model.probability(builder.customers(owner, day))
    answers = pd.DataFrame(
        {
            "customer_id": pd.Series(builder.book.customer_ids[owner], dtype="str"),
            "asked_on": _dates(day),
            "pd_12m": probability,
        }
    )
    end = last_day(ledger)
    label = default_label(builder.events, owner, day, end)
    decided = ~np.isnan(label) & (add_months(day, HORIZON_MONTHS) <= end)
    return Backtest(answers, measure(label[decided], probability[decided]) if decided.any() else {})


def late_model(ledger: Ledger, cut: dt.date, late_days: int, params: LateParams) -> FittedModel:
    """Train late payment on what was known at the end of a day, without a test period.

    Raises
    ------
    NotEnoughDataError
        Too little was known.
    """
    first, _ = _days(cut, cut)
    known = FeatureBuilder.of(as_known_on(ledger, cut))
    rows = draw_rows(known, LateRows(late_days, first, params.most_rows, params.seed))
    return _learnt(rows, replace(params.plan(f"late{late_days}"), shares=NO_TEST))


def _learnt(rows: TrainingRows, plan: FitPlan) -> FittedModel:
    """Train a model on rows; return the starter model without rows."""
    return fit(rows, plan).kept if len(rows) else starter(plan.target)


def last_day(ledger: Ledger) -> int:
    """Return the day of the ledger's last event, as a number."""
    return int(day_numbers(np.array([last_event(ledger)], dtype="datetime64[D]"))[0])


def _days(cut: dt.date, until: dt.date) -> tuple[int, int]:
    if until < cut:
        raise NotEnoughDataError(f"--until {until} lies before --cut {cut}")
    first, last = day_numbers(np.array([cut, until], dtype="datetime64[D]")).tolist()
    return first, last


def _dates(days: Ints) -> pd.Series:
    return pd.Series(days.astype("datetime64[D]").astype("datetime64[s]"))
