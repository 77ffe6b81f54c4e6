"""Yearly financial statements: figures that follow health with a lag and noise, publication, confidentiality.

Owns the balance sheet's arithmetic; figures are consistent by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.ledger.tables import FIGURES
from pipelines.demo.simulator.sectors import SECTORS
from pipelines.demo.simulator.timeline import Flags, Floats, Ints, dates

if TYPE_CHECKING:
    from pipelines.demo.simulator.companies import Companies
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.stopping import Defaults

YEARS_BEFORE = 5
TAX_RATE = 0.25
"""Corporation tax (art. 219 CGI, the normal rate since 2022)."""


@dataclass(frozen=True, slots=True)
class _Years:
    """Financial years; arrays of shape (n_years,): customer, number, closing day, mean health."""

    customer: Ints
    nth: Ints
    closed: Ints
    health: Floats


def accounts_table(
    portfolio: SimulatedPortfolio, defaults: Defaults, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the statements published up to the end of the period, as the canonical table."""
    companies, time = portfolio.companies, portfolio.time
    years = _financial_years(portfolio, rng)
    count = len(years.customer)
    delay = rng.gamma(5.0, 11.0, count) + 105 + 28 * np.logaddexp(0.0, -years.health - 0.3)
    late = rng.random(count) < 1 / (1 + np.exp(3.2 + 0.9 * years.health))
    published = years.closed + np.minimum(delay + late * rng.uniform(60, 200, count), 500).astype(np.int64)
    figures = _figures(companies, years, rng)
    confidential = _confidential(companies, years, rng)
    last = np.full(companies.count, time.until)
    over = defaults.day[~defaults.cures]
    last[defaults.customer[~defaults.cures]] = np.minimum(over, time.until)
    is_published = (published <= last[years.customer]) & (
        years.closed > companies.created[years.customer] + 180
    )
    siren = np.array(companies.sirens, dtype=object)[years.customer]
    columns = {name: np.where(confidential, np.nan, np.round(figures[name])) for name, _ in FIGURES}
    frame = pd.DataFrame(
        {
            "siren": siren,
            "closed_on": dates(years.closed),
            "published_on": dates(published),
            "confidential": confidential,
            "months": 12.0,
            "currency": "EUR",
            **columns,
        }
    )
    published_frame: pd.DataFrame = frame[is_published]
    return published_frame.reset_index(drop=True)


def _financial_years(portfolio: SimulatedPortfolio, rng: np.random.Generator) -> _Years:
    companies, time = portfolio.companies, portfolio.time
    closing = rng.choice([11, 5, 8, 2], companies.count, p=[0.78, 0.12, 0.06, 0.04])
    files = ~companies.natural_person & (rng.random(companies.count) < 0.92)
    history = rng.integers(3, YEARS_BEFORE + 1, companies.count)
    n_years = YEARS_BEFORE + time.months // 12 + 2
    start = -12 * YEARS_BEFORE + (closing - time.month_of_year(np.array([0]))[0]) % 12
    month = start[:, None] + 12 * np.arange(n_years)[None, :]
    sums = np.cumsum(portfolio.health.total, axis=1)
    who, nth = np.nonzero((month < time.months) & (month >= -12 * history[:, None]) & files[:, None])
    month = month[who, nth]
    column = time.column(month)
    mean = (sums[who, column] - sums[who, column - 12]) / 12
    return _Years(who, nth, time.first_day(month + 1) - 1, mean)


def _confidential(companies: Companies, years: _Years, rng: np.random.Generator) -> Flags:
    """Return whether accounts are confidential (an option of small companies, art. L232-25 C. com.)."""
    small = companies.headcount < 50
    usual = rng.random(companies.count) < 0.33
    chance = np.where(small & usual, 0.9, np.where(small, 0.02, 0.0))
    return np.asarray(rng.random(len(years.customer)) < chance[years.customer])


def _figures(companies: Companies, years: _Years, rng: np.random.Generator) -> dict[str, Floats]:
    who, count = years.customer, len(years.customer)
    shape = (companies.count, int(years.nth.max(initial=0)) + 1)
    growth = np.zeros(shape)
    growth[who, years.nth] = 0.02 + 0.035 * years.health + rng.normal(0, 0.09, count)
    per_head = np.array([s.turnover_per_head for s in SECTORS])[companies.sector]
    scale = np.log(per_head * (companies.headcount + 0.8)) + rng.normal(0, 0.45, companies.count)
    turnover = np.exp(scale[who] + np.cumsum(growth, axis=1)[who, years.nth])
    own = rng.normal(0, 1, (4, companies.count))[:, who]

    def share(typical: Floats | float, sd_own: float, sd: float, row: int) -> Floats:
        return np.asarray(typical + sd_own * own[row] + rng.normal(0, sd, count))

    sector = companies.sector[who]
    margin = share(np.array([s.ebitda_share for s in SECTORS])[sector], 0.015, 0.022, 0) + 0.03 * years.health
    gross = np.clip(share(np.array([s.gross_share for s in SECTORS])[sector], 0.05, 0.02, 1), 0.1, 0.95)
    sales, ebitda = np.round(turnover), np.round(turnover * margin)
    gross_profit = np.round(turnover * gross)
    depreciation = np.round(turnover * np.clip(share(0.03, 0.01, 0.006, 2), 0.003, None))
    ebit = ebitda - depreciation
    interest = np.round(turnover * np.exp(rng.normal(-5.2, 0.5, count)))
    before_tax = ebit - interest
    result = {
        "turnover": sales,
        "gross_profit": gross_profit,
        "cost_of_goods_sold": sales - gross_profit,
        "operating_expenses": gross_profit - ebitda,
        "ebitda": ebitda,
        "depreciation": depreciation,
        "ebit": ebit,
        "net_income": before_tax - np.round(np.maximum(before_tax, 0) * TAX_RATE),
    }
    equity_share = np.clip(share(0.36, 0.09, 0.04, 3) + 0.14 * years.health, -0.8, 0.92)
    return result | _balance_sheet(turnover, equity_share, years.health, rng)


def _balance_sheet(
    turnover: Floats, equity_share: Floats, health: Floats, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return the balance sheet: assets = equity + liabilities, and no part exceeds its whole."""
    count = len(turnover)
    assets = np.round(turnover * np.exp(rng.normal(-0.45, 0.35, count)))
    equity = np.round(assets * equity_share)
    liabilities = assets - equity
    current = np.round(assets * np.clip(rng.normal(0.66, 0.13, count), 0.2, 0.95))
    cash_share = np.clip(0.17 + 0.07 * health + rng.normal(0, 0.07, count), 0.004, 0.6)
    stock_share = np.clip(rng.normal(0.25, 0.1, count), 0.0, 0.38)
    inventory, cash = np.floor(current * stock_share), np.floor(current * cash_share)
    debt_share = np.clip(0.3 - 0.03 * health + rng.normal(0, 0.12, count), 0.0, 0.8)
    debt = np.floor(liabilities * debt_share)
    capital = np.round(np.maximum(1_000, assets * 0.05))
    return {
        "total_assets": assets,
        "current_assets": current,
        "inventory": inventory,
        "receivables": np.floor((current - inventory - cash) * rng.uniform(0.6, 0.98, count)),
        "cash": cash,
        "equity": equity,
        "retained_earnings": equity - capital,
        "total_liabilities": liabilities,
        "current_liabilities": liabilities - debt,
        "long_term_debt": debt,
    }
