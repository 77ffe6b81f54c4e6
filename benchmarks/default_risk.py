"""Default on real yearly accounts: ours beside a plain LightGBM on ratios and their yearly change.

Two ways to ask: every month start, as the product does, and once a company-year, on the first month start
after the year's accounts are published; "failed" is then the file's own word, within a year of closing. The
second is also asked of companies whose other years trained nothing, by folds of companies.

Run as `python -m benchmarks.default_risk [--cuts 2009-12-31 ...]`; needs the real data beside the project.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.peers import chosen_cuts, markdown, mean_and_spread, plain_lightgbm, read_shared
from models.features.build import FeatureBuilder
from models.features.ratios import RATIOS
from models.features.running import day_numbers
from models.learning.labels import add_months, default_label
from models.learning.rows import DefaultRows, TrainingRows, draw_rows
from models.ledger.ledger import as_known_on
from pipelines.training.backtest import NO_TEST, backtest_default, last_day
from pipelines.training.fit import fit
from pipelines.training.metrics import measure
from pipelines.training.params import Params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.ledger.ledger import Ledger

    Names = NDArray[np.object_]

DATA = "accounts/american_1999-2014.csv.gz"
CUTS = (dt.date(2009, 12, 31), dt.date(2010, 12, 31), dt.date(2011, 12, 31))
ASKED_DAYS = 366
FOLDS = 3
SCORES = ("auc", "average_precision", "log_loss", "mean_probability", "bad_share")
PLAIN = {"learning_rate": 0.03, "n_estimators": 300, "num_leaves": 15, "min_child_samples": 40}
"""LightGBM's own defaults overfit so few failures; a fair peer does not."""
COLUMNS = tuple(ratio.name for ratio in RATIOS)


@dataclass(frozen=True, slots=True)
class CompanyYears:
    """One question a company-year: whose, on which month start, its features and its outcome."""

    owner: Ints
    day: Ints
    frame: pd.DataFrame
    label: Floats

    def take(self, rows: Ints) -> CompanyYears:
        """Return some of the questions."""
        return CompanyYears(self.owner[rows], self.day[rows], self.frame.iloc[rows], self.label[rows])


def company_years(builder: FeatureBuilder, ledger: Ledger, after: int, upto: int, known: int) -> CompanyYears:
    """Ask once a year of accounts, on the first month start after their publication, `after` < day <= `upto`.

    Parameters
    ----------
    known
        The last day whose events may be known: a year whose 12 months have not run out by then is left out.
    """
    owner = builder.book.codes(ledger.accounts["customer_id"])
    published = day_numbers(ledger.accounts["published_on"]).astype("datetime64[D]")
    day = (published.astype("datetime64[M]") + 1).astype("datetime64[D]").astype(np.int64)
    asked = (day > after) & (day <= upto) & (add_months(day, 12) <= known)
    owner, day = owner[asked], day[asked]
    label = default_label(builder.events, owner, day, known)
    told = ~np.isnan(label)
    owner, day = owner[told], day[told]
    return CompanyYears(owner, day, builder.customers(owner, day), label[told])


def default_figures(ledger: Ledger, cut: dt.date, params: Params) -> dict[tuple[str, str], dict[str, float]]:
    """Measure ours and the plain LightGBM at one cut, by question and who answers."""
    until = cut + dt.timedelta(ASKED_DAYS)
    first, last = day_numbers(np.array([cut, until], dtype="datetime64[D]")).tolist()
    builder, known = FeatureBuilder.of(ledger), FeatureBuilder.of(as_known_on(ledger, cut))
    end = last_day(ledger)
    test = company_years(builder, ledger, first, last, end)
    past = company_years(known, as_known_on(ledger, cut), -1, first, first)
    # Codes of customers known at the cut and of all: names tie them.
    past_names, test_names = known.book.customer_ids[past.owner], builder.book.customer_ids[test.owner]
    backtest = backtest_default(ledger, cut, until, params.default)
    monthly = backtest.answers
    ours_monthly = dict(
        zip(zip(monthly["customer_id"], monthly["asked_on"], strict=True), monthly["pd_12m"], strict=True)
    )
    asked_on = pd.Series(test.day.astype("datetime64[D]").astype("datetime64[s]"))
    ours = np.array([ours_monthly[key] for key in zip(test_names, asked_on, strict=True)])
    plain = plain_lightgbm(past.frame, past.label, test.frame, COLUMNS, **PLAIN)
    owner = builder.book.codes(monthly["customer_id"])
    day = day_numbers(monthly["asked_on"])
    told = add_months(day, 12) <= end
    by_month = builder.customers(owner[told], day[told])
    label = default_label(builder.events, owner[told], day[told], end)
    plain_by_month = plain_lightgbm(past.frame, past.label, by_month, COLUMNS, **PLAIN)
    rows = draw_rows(
        known, DefaultRows(first, params.default.most_rows, params.default.seed, params.default.every_months)
    )
    apart = _apart(rows, known.book.customer_ids[rows.owner], past, past_names, test, test_names, params)
    return {
        ("every month", "Encours"): backtest.metrics,
        ("every month", "plain LightGBM"): measure(label, plain_by_month),
        ("company-year", "Encours"): measure(test.label, ours),
        ("company-year", "plain LightGBM"): measure(test.label, plain),
        ("company-year, companies apart", "Encours"): measure(test.label, apart[0]),
        ("company-year, companies apart", "plain LightGBM"): measure(test.label, apart[1]),
    }


def _apart(
    rows: TrainingRows,
    row_names: Names,
    past: CompanyYears,
    past_names: Names,
    test: CompanyYears,
    test_names: Names,
    params: Params,
) -> tuple[Floats, Floats]:
    """Answer each fold of companies by models that no year of theirs trained."""
    ours, plain = np.empty(len(test.label)), np.empty(len(test.label))
    plan = replace(params.default.plan("default12"), shares=NO_TEST)
    for fold in range(FOLDS):
        asked = _fold(test_names) == fold
        model = fit(rows.take(_fold(row_names) != fold), plan).kept
        ours[asked] = model.probability(test.frame[asked])
        others = past.take(np.flatnonzero(_fold(past_names) != fold))
        plain[asked] = plain_lightgbm(others.frame, others.label, test.frame[asked], COLUMNS, **PLAIN)
    return ours, plain


def _fold(names: Names) -> Ints:
    return (pd.util.hash_array(names) % np.uint64(FOLDS)).astype(np.int64)


def report(ledger: Ledger, cuts: Sequence[dt.date], params: Params) -> None:
    """Print the tables, one cut at a time and over all of them."""
    scores: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    rows: list[list[object]] = []
    for cut in cuts:
        for (question, who), figures in default_figures(ledger, cut, params).items():
            bad = round(figures["rows"] * figures["bad_share"])
            rows.append([cut, question, who, int(figures["rows"]), bad, *(figures[n] for n in SCORES)])
            for name in SCORES:
                scores[question, who][name].append(figures[name])
    print("\n### By cut\n")
    print(markdown(["cut", "asked", "who", "rows", "failed", *SCORES], rows))
    print(f"\n### Mean ± standard deviation over {len(cuts)} cuts\n")
    cells = [[*key, *(mean_and_spread(found[n]) for n in SCORES)] for key, found in scores.items()]
    print(markdown(["asked", "who", *SCORES], cells))


def main() -> None:
    cuts = chosen_cuts(__doc__, CUTS)
    ledger = read_shared(DATA, "american_accounts.toml")
    if ledger is None:
        return
    print(f"{dt.datetime.now(tz=dt.UTC).date()}, {DATA}: {len(ledger.accounts)} yearly accounts of")
    print(f"{len(ledger.customers)} companies; asked in the year after each cut. The floor of the field, on")
    print("company-years of 2015-2018 that are not in this folder: AUC 0.875, average precision 0.125.")
    report(ledger, cuts, Params())


if __name__ == "__main__":
    main()
