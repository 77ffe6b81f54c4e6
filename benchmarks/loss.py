"""Loss distribution: exact against draws, and value at risk against the years of simulated portfolios.

Run as `python -m benchmarks.loss [--years N] [--customers N] [--paths N]`. The first table draws defaults of
one portfolio; the second asks how often the year that followed lost more than its value at risk. It takes the
true probabilities, which only a simulated portfolio knows, so that it judges the dependence of defaults and
not the default model.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers import markdown
from models.features.build import FeatureBuilder
from models.learning.labels import default_label
from models.policy.document import load_policy
from models.portfolio.granularity import asymptotic_loss_eur, granularity_adjustment_eur
from models.portfolio.loss_distribution import loss_distribution
from models.portfolio.obligors import Obligors
from models.portfolio.vasicek import asset_correlations, conditional_pd
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import last_day

if TYPE_CHECKING:
    from models.arrays import Floats

CONFIDENCES = (0.95, 0.99, 0.999)
TESTED = (0.5, 0.75, 0.9, 0.95)
"""Confidences of the backtest: a few dozen years tell nothing of rarer ones."""
MONTHS, YEARS_EACH = 60, 3
"""Months of each portfolio, and the last years of it that are asked about, one after the other."""
LGD = 0.6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=60)
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument("--paths", type=int, default=60_000)
    asked = parser.parse_args()
    exact_and_drawn(asked.paths)
    backtest(asked.years, asked.customers)


def exact_and_drawn(paths: int, count: int = 2_000) -> None:
    """Print quantiles of one portfolio, exact and drawn, with the seconds of both in this run."""
    rng = np.random.default_rng(7)
    pd = np.clip(np.exp(rng.normal(-4.2, 1.1, count)), 1e-4, 0.5)
    loss = np.exp(rng.normal(8.5, 1.4, count)) * LGD
    rules = load_policy().portfolio_risk
    obligors = Obligors(pd, loss, asset_correlations(pd, rules))
    begun = time.process_time()
    exact = loss_distribution(obligors)
    exact_s = time.process_time() - begun
    begun = time.process_time()
    drawn = np.sort(_drawn(obligors, paths, rng))
    drawn_s = time.process_time() - begun
    print(f"\n{count:,} obligors: exact {exact_s:.2f} s of CPU, {paths:,} draws {drawn_s:.2f} s\n")
    rows = [
        [
            confidence,
            round(exact.value_at_risk_eur(confidence)),
            round(drawn[math.ceil(confidence * paths) - 1]),
            round(_quantile_error(drawn, confidence)),
            round(exact.expected_shortfall_eur(confidence)),
            round(drawn[math.ceil(confidence * paths) :].mean()),
            round(asymptotic_loss_eur(obligors, confidence)),
            round(granularity_adjustment_eur(obligors, confidence)),
        ]
        for confidence in CONFIDENCES
    ]
    heads = ["confidence", "VaR", "VaR drawn", "its error", "ES", "ES drawn", "without names", "adjustment"]
    print(markdown(heads, rows))


def _drawn(obligors: Obligors, paths: int, rng: np.random.Generator) -> Floats:
    """Draw losses of years: the factor, then each obligor on its own."""
    found = np.empty(paths)
    for at in range(paths):
        given = conditional_pd(obligors.pd, obligors.correlation, float(rng.normal()))
        found[at] = obligors.loss_eur[rng.random(len(given)) < given].sum()
    return found


def _quantile_error(ordered: Floats, confidence: float) -> float:
    """Return the standard error of a drawn quantile, from the order statistics around it."""
    count = len(ordered)
    around = math.sqrt(count * confidence * (1 - confidence))
    low, high = (min(max(round(confidence * count + side * around), 0), count - 1) for side in (-1, 1))
    return float(ordered[high] - ordered[low]) / 2


def backtest(years: int, customers: int) -> None:
    """Print how many years lost more than their value at risk, with Kupiec's test, for two dependences."""
    rules = load_policy().portfolio_risk
    found: dict[str, list[float]] = {"the policy's correlations": [], "independent": []}
    for seed in range(1, 1 + math.ceil(years / YEARS_EACH)):
        for pd, open_eur, failed in _years(customers, seed):
            lost = float(LGD * open_eur @ failed)
            for name, correlation in (
                ("the policy's correlations", asset_correlations(pd, rules)),
                ("independent", np.zeros_like(pd)),
            ):
                year = loss_distribution(Obligors(pd, LGD * open_eur, correlation))
                found[name].append(1.0 - year.exceedance(lost))
    count = len(next(iter(found.values())))
    print(f"\n{count} years of simulated portfolios, {customers} customers each\n")
    rows = [
        [name, confidence, round(count * (1 - confidence), 1), beyond, kupiec(beyond, count, 1 - confidence)]
        for name, places in found.items()
        for confidence in TESTED
        for beyond in [sum(place > confidence for place in places)]
    ]
    print(markdown(["dependence", "confidence", "years beyond, expected", "seen", "Kupiec p"], rows))


def _years(customers: int, seed: int) -> list[tuple[Floats, Floats, Floats]]:
    """Return true probability, exposure and default of each solvent debtor, for years one after the other."""
    ledger, truth = simulate(customers, MONTHS, seed)
    builder = FeatureBuilder.of(ledger)
    end = last_day(ledger)
    last = np.datetime64(end, "D").astype("datetime64[M]")
    everybody = np.arange(len(ledger.customers), dtype=np.int64)
    found = []
    for back in range(YEARS_EACH, 0, -1):
        month = last - 12 * back
        day = int(month.astype("datetime64[D]").astype(np.int64))
        days = np.full(len(everybody), day, dtype=np.int64)
        healths = truth.health[truth.health["month"] == month.astype("datetime64[ns]")]
        pd = healths.set_index("customer_id")["pd_12m"].reindex(ledger.customers["customer_id"]).to_numpy()
        failed = default_label(builder.events, everybody, days, end)
        open_eur = np.maximum(builder.exposure.owed_eur(everybody, days), 0.0)
        known = np.isfinite(pd) & np.isfinite(failed) & (open_eur > 0)
        found.append((pd[known], open_eur[known], failed[known]))
    return found


def kupiec(beyond: int, count: int, share: float) -> float:
    """Return the p-value of the proportion of failures (Kupiec 1995), by its likelihood ratio.

    Small where the years beyond are too many or too few for the share.
    """
    seen = beyond / count
    ratio = -2.0 * (_log_likelihood(beyond, count, share) - _log_likelihood(beyond, count, seen))
    return math.erfc(math.sqrt(max(ratio, 0.0) / 2.0))


def _log_likelihood(beyond: int, count: int, share: float) -> float:
    hits = beyond * math.log(share) if beyond else 0.0
    return hits + ((count - beyond) * math.log(1 - share) if beyond < count else 0.0)


if __name__ == "__main__":
    main()
