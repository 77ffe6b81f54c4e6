"""CPU seconds of a stress scenario, next to the comparison of two policies on the same customers.

Run as `python -m benchmarks.stress`. Customers are drawn at random with a fixed seed: every third is insured,
one in ten belongs to a group. "Prepared" is what is computed once of a portfolio after it is read; a scenario
then takes the seconds of its own column, its summary included. The comparison of policies computes every
case under both. All of it runs on one core: CPU seconds are what a quiet machine takes. Each figure is the
least of three runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import markdown
from models.policy.bands import graded
from models.policy.credit_case import CreditCase
from models.policy.document import load_policy
from models.portfolio.policy_comparison import compare_policies
from models.portfolio.positions import Position, Positions
from models.portfolio.reverse_stress import reverse_stress
from models.portfolio.scenario import scenario_from_text
from models.portfolio.stress import StressBase, stressed
from models.portfolio.stress_summary import stress_summary
from serving.usecases.stress import shipped_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.policy.document import Policy

SIZES = (1_000, 10_000, 100_000)
RUNS = 3
AS_OF = dt.date(2026, 11, 21)
DIVISIONS = ("10", "25", "41", "43", "46", "47", "49", "71")


def portfolio(customers: int, policy: Policy) -> Positions:
    """Draw customers."""
    draw = random.Random(7)
    return Positions(1, AS_OF, tuple(_position(place, draw, policy) for place in range(customers)))


def _position(place: int, draw: random.Random, policy: Policy) -> Position:
    insured, division = draw.random() < 0.33, draw.choice(DIVISIONS)
    case = CreditCase(
        pd_12m=draw.betavariate(0.5, 12.0),
        grade="E",
        yearly_sales_forecast_eur=draw.lognormvariate(10.5, 1.2),
        terms_days=30,
        expected_days_late=draw.gauss(6.0, 8.0),
        peak_exposure_eur=None,
        net_worth_eur=draw.lognormvariate(11.5, 1.3) if draw.random() < 0.7 else None,
        turnover_eur=draw.lognormvariate(13.5, 1.3) if draw.random() < 0.7 else None,
        n_paid_invoices=draw.randrange(60),
        insured_limit_eur=draw.lognormvariate(9.5, 0.8) if insured else 0.0,
        covered_share=0.9 if insured else 0.0,
        open_proceeding=draw.random() < 0.01,
        oldest_overdue_days=draw.choice((0.0, 0.0, 12.0, 45.0, 130.0)),
        as_of=AS_OF,
        in_default=draw.random() < 0.02,
        open_eur=draw.lognormvariate(8.5, 1.4),
        sector_open_eur=1e8,
        portfolio_open_eur=1e9,
        naf=f"{division}.21A",
    )
    case = graded(case, policy)
    name, group = f"C{place:06d}", f"G{place // 3}" if draw.random() < 0.1 else None
    insurer = "Assureur" if insured else None
    owed = case.open_eur
    return Position(name, None, name, group, division, None, insurer, case.grade, 0.0, owed, 0.0, 0.0, case)


def seconds(run: Callable[[], object]) -> float:
    """Return the least of some runs."""
    found = []
    for _ in range(RUNS):
        before = time.process_time()
        run()
        found.append(time.process_time() - before)
    return min(found)


def row(customers: int) -> list[str]:
    """Measure a portfolio of one size."""
    policy = load_policy()
    stricter = policy.revised(expected_loss={"budget_eur": 2_000.0})
    positions = portfolio(customers, policy)
    cases = [(one.customer_id, None, one.case) for one in positions.items]
    base = StressBase.of(positions, policy)
    figures = [seconds(lambda: StressBase.of(positions, policy))]
    for one in shipped_scenarios():
        scenario = scenario_from_text(one.text, one.name)
        figures.append(seconds(lambda scenario=scenario: stress_summary(stressed(base, scenario))))  # type: ignore[misc]
    amount_eur = 3.0 * float(base.before.expected_loss_eur.sum())
    figures.append(seconds(lambda: reverse_stress(base, amount_eur)))
    figures.append(seconds(lambda: compare_policies(cases, policy, stricter)))
    return [f"{customers:,}", *(f"{one:.2f}" for one in figures)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="*", default=SIZES)
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    asked = parser.parse_args()
    head = ["customers", "prepared", *(one.name for one in shipped_scenarios()), "reverse", "two policies"]
    table = markdown(head, [row(customers) for customers in asked.customers])
    print(table)
    if asked.out is not None:
        asked.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
