"""Provisions at past closings against the losses that followed, which only a simulated portfolio knows.

Run as `python -m benchmarks.provisions [customers] [months] [seeds]`. An invoice that was never paid is lost;
what was insured of it, and what customers' credits cover, is not.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from statistics import fmean, stdev

from models.ledger.ledger import as_known_on
from models.policy.document import load_policy
from models.portfolio.claims import claim_book
from models.portfolio.flow_history import EPOCH
from models.portfolio.provision_matrix import own_rates, share_cents
from models.portfolio.provisions import provision_lines
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import last_day

MONTHS_BEFORE = (12, 9, 6)
"""Closings so many months before the ledger's end; the truth has later payments too."""


def main() -> None:
    """Print provision over realised loss, by band and by reason, with its spread over seeds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("customers", nargs="?", type=int, default=1500)
    parser.add_argument("months", nargs="?", type=int, default=48)
    parser.add_argument("seeds", nargs="?", type=int, default=5)
    asked = parser.parse_args()
    by_seed = [provided_and_lost(asked.customers, asked.months, seed) for seed in range(1, asked.seeds + 1)]
    print("| claims | provided, k EUR | lost, k EUR | ratio of the sums | ratio by seed, mean ± s.d. |")
    print("|---|---|---|---|---|")
    for name in sorted({name for found in by_seed for name in found}):
        pairs = [found[name] for found in by_seed if name in found]
        provided, lost = (sum(pair[side] for pair in pairs) for side in (0, 1))
        ratios = [pair[0] / pair[1] for pair in pairs if pair[1]]
        spread = f"{fmean(ratios):.2f} ± {stdev(ratios):.2f}" if len(ratios) > 1 else ""
        whole = f"{provided / lost:.2f}" if lost else ""
        print(f"| {name} | {provided / 1e5:,.0f} | {lost / 1e5:,.0f} | {whole} | {spread} |")


def provided_and_lost(customers: int, months: int, seed: int) -> dict[str, tuple[int, int]]:
    """Return cents provided and cents lost by kind of claim, over all closings of one portfolio."""
    ledger, truth = simulate(customers, months, seed)
    policy = load_policy()
    rules = policy.provisions
    days_late = truth.invoices.set_index("invoice_id")["days_late"]
    unpaid = set(days_late.index[days_late.isna()])
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for back in MONTHS_BEFORE:
        as_of = EPOCH + dt.timedelta(days=last_day(ledger) - round(back * 365 / 12))
        book = claim_book(as_known_on(ledger, as_of), as_of, rules)
        default = tuple(rules.default_rates.values())
        rates = own_rates(book.flows.totals(), default, rules.fewest_invoices)
        source = rates[""].source
        for line in provision_lines(book.claims, as_of, rates, rules, policy.expected_loss.lgd_share):
            if line.is_lost:
                continue
            is_unpaid = line.invoice_id in unpaid
            if line.status == "sound":
                provided, lost = line.matrix_cents, line.own_risk_cents if is_unpaid else 0
                by_default = share_cents(line.own_risk_cents, rules.default_rates[line.band])
                names = [f"1 matrix, {source} rates: all sound", f"1 matrix, {source} rates: {line.band}"]
                _add(found, "2 matrix, default rates: all sound", by_default, lost)
            else:
                provided, lost = line.french_cents, line.excl_vat_cents if is_unpaid else 0
                names = ["3 doubtful: all", f"3 doubtful: {line.status}"]
            for name in names:
                _add(found, name, provided, lost)
    return dict(found)


def _add(found: dict[str, tuple[int, int]], name: str, provided: int, lost: int) -> None:
    before = found[name]
    found[name] = before[0] + provided, before[1] + lost


if __name__ == "__main__":
    main()
