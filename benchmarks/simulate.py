"""Seconds, memory, rates and oracle AUCs of the demo portfolio.

Run as `python -m benchmarks.simulate [customers] [months] [seed]`.
"""

from __future__ import annotations

import resource
import sys
import time

from sklearn.metrics import roc_auc_score

from benchmarks.demo_outcomes import default12_outcomes, first_defaults, late30_outcomes
from pipelines.demo.simulator import simulate


def main(customers: int = 5_000, months: int = 36, seed: int = 1) -> None:
    start = time.perf_counter()
    ledger, truth = simulate(customers, months, seed)
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bills = ledger.invoices[ledger.invoices["kind"] == "invoice"]
    print(f"{customers} customers x {months} months: {seconds:.1f} s, peak {peak_mb:.0f} MB")
    print(f"invoices {len(bills)}, payment lines {len(ledger.payments)}, accounts {len(ledger.accounts)}")
    print(f"filings {len(ledger.filings)}, signals {len(ledger.signals)}, insured {len(ledger.insurance)}")
    if months > 12:
        year = default12_outcomes(ledger, truth)
        auc = roc_auc_score(year["default12"], year["pd_12m"])
        print(
            f"default12 share {year['default12'].mean():.4f}, true {year['pd_12m'].mean():.4f}, AUC {auc:.3f}"
        )
    late = late30_outcomes(truth)
    auc = roc_auc_score(late["late30"], late["p_late30"])
    print(f"late30 share {late['late30'].mean():.4f}, true {late['p_late30'].mean():.4f}, AUC {auc:.3f}")
    print(f"mean days late {truth.invoices['days_late'].mean():.1f}")
    print(f"customers ever in default {len(first_defaults(ledger))}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
