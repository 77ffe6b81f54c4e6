"""The simulator's hidden truth: health and true probabilities.

Owns the truth's two frames and their files. Only tests and benchmarks read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.demo.simulator.health import CURE_MONTHS
from pipelines.demo.simulator.timeline import Floats, Ints, dates

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.lateness import Lateness
    from pipelines.demo.simulator.oracle import DefaultOdds
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.stopping import Defaults


@dataclass(frozen=True, slots=True)
class Truth:
    """The hidden truth of a demo.

    Parameters
    ----------
    health
        One row per customer and month from its entry on: customer_id, month (its first day), health (high is
        healthy), pd_12m (true probability of default in the 12 months from that day, given the hidden state;
        empty while in default or gone).
    invoices
        One row per invoice: invoice_id, p_late30 (true probability at issue of more than 30 undisputed days
        late), days_late (undisputed days, also beyond the ledger's end; empty where the invoice is never
        paid).
    """

    health: pd.DataFrame
    invoices: pd.DataFrame


def health_truth(portfolio: SimulatedPortfolio, defaults: Defaults, odds: DefaultOdds) -> pd.DataFrame:
    """Return hidden health and the true probability of default by customer and month."""
    companies, health, time = portfolio.companies, portfolio.health, portfolio.time
    months = np.arange(time.months)
    columns = time.column(months)
    present = months >= np.maximum(companies.entry, 0)[:, None]
    solvent = np.ones(present.shape, dtype=np.bool_)
    fell = time.month_of(defaults.day)
    for row in range(len(fell)):
        end = fell[row] + CURE_MONTHS if defaults.cures[row] else time.months
        solvent[defaults.customer[row], max(fell[row] + 1, 0) : max(end, 0)] = False
    who, month = np.nonzero(present)
    column = columns[month]
    pd_12m = odds.pd_12m(
        portfolio.distress.age[who, column],
        health.sensitivity[who],
        health.level[who],
        health.deviation[who, column],
    )
    return pd.DataFrame(
        {
            "customer_id": np.array(companies.ids, dtype=object)[who],
            "month": dates(time.first_day(month)),
            "health": health.total[who, column],
            "pd_12m": np.where(solvent[who, month], pd_12m, np.nan),
        }
    )


def invoice_truth(ids: list[str], invoices: Invoices, lateness: Lateness, p_late30: Floats) -> pd.DataFrame:
    """Return the true probability of late payment and the drawn lateness, by invoice."""
    days: Ints = lateness.paid - invoices.due - lateness.excused
    return pd.DataFrame(
        {
            "invoice_id": ids,
            "p_late30": p_late30,
            "days_late": np.where(lateness.never, np.nan, days.astype(np.float64)),
        }
    )


def write_truth(truth: Truth, folder: Path) -> None:
    """Write both frames as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    truth.health.to_parquet(folder / "health.parquet", index=False)
    truth.invoices.to_parquet(folder / "invoices.parquet", index=False)
