"""Predicted probabilities against the true ones, which only a simulated portfolio knows.

Run as `python -m benchmarks.truth [customers] [months] [seed]`.
"""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.peers import markdown
from models.features.build import FeatureBuilder
from models.learning.labels import HORIZON_MONTHS, default_label, late_label
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import backtest_default, backtest_late, last_day
from pipelines.training.metrics import measure
from pipelines.training.params import Params

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.ledger.ledger import Ledger
    from pipelines.demo.simulator import Truth

DECILES = 10
MATURING_DAYS = 120
"""Terms and 30 days late: what an invoice asked about needs before the ledger's end."""


def late_truth(ledger: Ledger, truth: Truth, cut: dt.date, until: dt.date, params: Params) -> pd.DataFrame:
    """Hold late payment at issue against the truth.

    Returns
    -------
    Columns predicted, true and realised (NaN where it cannot be told), one row an invoice.
    """
    answers = backtest_late(ledger, cut, until, 30, params.late).answers
    builder = FeatureBuilder.of(ledger)
    at = pd.Series(np.arange(len(builder.book.invoice_ids)), index=builder.book.invoice_ids)
    document = at[answers["invoice_id"]].to_numpy(np.int64)
    true = truth.invoices.set_index("invoice_id")["p_late30"]
    return pd.DataFrame(
        {
            "predicted": answers["p_late"],
            "true": true[answers["invoice_id"]].to_numpy(np.float64),
            "realised": late_label(builder.book, document, 30, last_day(ledger)),
        }
    )


def default_truth(ledger: Ledger, truth: Truth, cut: dt.date, until: dt.date, params: Params) -> pd.DataFrame:
    """Hold default within 12 months, asked at month starts, against the truth; columns as `late_truth`."""
    answers = backtest_default(ledger, cut, until, params.default).answers
    builder = FeatureBuilder.of(ledger)
    known = answers.merge(
        truth.health,
        left_on=["customer_id", "asked_on"],
        right_on=["customer_id", "month"],
        how="inner",
        suffixes=("", "_true"),
    )
    day = known["asked_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    owner = builder.book.codes(known["customer_id"])
    realised = default_label(builder.events, owner, day, last_day(ledger))
    found = pd.DataFrame({"predicted": known["pd_12m"], "true": known["pd_12m_true"], "realised": realised})
    return found.dropna(subset=["true"])


def report(name: str, answers: pd.DataFrame) -> None:
    """Print rank correlation, both AUCs and the calibration by decile."""
    from scipy.stats import spearmanr

    told = answers.dropna()
    predicted, true, realised = (told[n].to_numpy(np.float64) for n in ("predicted", "true", "realised"))
    ours, oracle = measure(realised, predicted), measure(realised, true)
    print(f"\n### {name}: {len(told)} questions, {int(realised.sum())} bad\n")
    rank = float(spearmanr(predicted, true).statistic)
    names = ("auc", "average_precision", "brier", "calibration_error", "mean_probability")
    rows = [["Encours", rank, *(ours[n] for n in names)], ["oracle", 1.0, *(oracle[n] for n in names)]]
    print(markdown(["who", "Spearman with the truth", *names], rows), end="\n\n")
    bins = _deciles(predicted, true, realised)
    print(markdown(["decile of predicted", "predicted", "true", "realised", "rows"], bins))


def _deciles(predicted: Floats, true: Floats, realised: Floats) -> list[list[object]]:
    order = np.array_split(np.argsort(predicted, kind="stable"), DECILES)
    return [
        [at, float(predicted[rows].mean()), float(true[rows].mean()), float(realised[rows].mean()), len(rows)]
        for at, rows in enumerate(order, 1)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", nargs="?", type=int, default=2_000)
    parser.add_argument("months", nargs="?", type=int, default=36)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    asked = parser.parse_args()
    ledger, truth = simulate(asked.customers, asked.months, asked.seed)
    print(f"demo portfolio: {asked.customers} customers x {asked.months} months, seed {asked.seed}")
    end = np.datetime64(last_day(ledger), "D").astype("datetime64[M]")
    params = Params()
    late_until = (end.astype("datetime64[D]") - MATURING_DAYS).item()
    late_cut = late_until - dt.timedelta(120)
    late = late_truth(ledger, truth, late_cut, late_until, params)
    report(f"late more than 30 days, trained to {late_cut}, asked to {late_until}", late)
    default_until = (end - HORIZON_MONTHS).astype("datetime64[D]").item()
    default_cut = default_until - dt.timedelta(62)
    default = default_truth(ledger, truth, default_cut, default_until, params)
    report(f"default within 12 months, trained to {default_cut}, asked to {default_until}", default)


if __name__ == "__main__":
    main()
