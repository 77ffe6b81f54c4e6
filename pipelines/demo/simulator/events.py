"""Filings, the seller's own signals, and credit insurance.

Owns publications and signals about customers besides invoices; `stopping` dates defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.demo.simulator.health import CESSATION, PROCEEDING, WRITE_OFF
from pipelines.demo.simulator.stopping import LIQUIDATION
from pipelines.demo.simulator.timeline import Ints, dates

if TYPE_CHECKING:
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.lateness import Lateness
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.stopping import Defaults

KINDS = np.array(["safeguard", "receivership", "liquidation"])
HARMLESS = {"sale": 0.010, "closure": 0.004}
"""Yearly frequency of publications unrelated to solvency."""
INSURERS = ("Caution Boréale", "Garantie du Négoce", "Assurance Ponant")


def filings_table(
    portfolio: SimulatedPortfolio, defaults: Defaults, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the publications of the legal gazette up to the end of the period, as the canonical table."""
    companies, calendar, time = portfolio.companies, portfolio.calendar, portfolio.time
    count = len(defaults.day)
    later = defaults.day + rng.integers(60, 300, count)
    opens = defaults.way == PROCEEDING
    converts = opens & (defaults.proceeding < LIQUIDATION) & (rng.random(count) < 0.4)
    sinks = (defaults.way == CESSATION) & ~defaults.cures & (rng.random(count) < 0.3)
    who = [defaults.customer[opens], defaults.customer[converts], defaults.customer[sinks]]
    days = [defaults.day[opens], later[converts], later[sinks]]
    kinds = [KINDS[defaults.proceeding[opens]], KINDS[defaults.proceeding[converts] + 1]]
    kinds.append(np.full(int(sinks.sum()), "liquidation"))
    for kind, yearly in HARMLESS.items():
        some = np.flatnonzero(rng.random(companies.count) < yearly * time.months / 12)
        who.append(some)
        days.append(rng.integers(time.start, time.until, len(some)))
        kinds.append(np.full(len(some), kind))
    customer, judged = np.concatenate(who), calendar.working_day(np.concatenate(days))
    published = calendar.working_day(judged + rng.integers(5, 17, len(judged)))
    frame = pd.DataFrame(
        {
            "siren": np.array(companies.sirens, dtype=object)[customer],
            "kind": np.concatenate(kinds),
            "judged_on": dates(judged),
            "published_on": dates(published),
            "source": "BODACC",
        }
    )
    visible: pd.DataFrame = frame[published <= time.until]
    return visible.drop_duplicates(["siren", "kind", "judged_on"]).reset_index(drop=True)


def signals_table(
    portfolio: SimulatedPortfolio,
    invoices: Invoices,
    lateness: Lateness,
    defaults: Defaults,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw the seller's signals up to the end of the period, as the canonical table."""
    companies, time = portfolio.companies, portfolio.time
    noted = np.flatnonzero(lateness.disputed & (rng.random(invoices.count) < 0.4))
    changed = np.flatnonzero(rng.random(companies.count) < 0.006 * time.months / 12)
    rows = [
        *_monthly_signals(portfolio, invoices, rng),
        *_losses(defaults, rng),
        (
            "dispute",
            invoices.customer[noted],
            lateness.disputed_from[noted] + rng.integers(0, 6, len(noted)),
        ),
        ("change_of_activity", changed, rng.integers(time.start, time.until, len(changed))),
    ]
    frame = pd.DataFrame(
        {
            "customer_id": np.array(companies.ids, dtype=object)[np.concatenate([who for _, who, _ in rows])],
            "kind": np.repeat([kind for kind, _, _ in rows], [len(who) for _, who, _ in rows]),
            "seen_on": dates(np.concatenate([days for _, _, days in rows])),
            "source": "suivi des encours",
        }
    )
    visible: pd.DataFrame = frame[frame["seen_on"] <= dates(np.array([time.until]))[0]]
    return visible.drop_duplicates(["customer_id", "kind", "seen_on"]).reset_index(drop=True)


def _losses(defaults: Defaults, rng: np.random.Generator) -> list[tuple[str, Ints, Ints]]:
    """Draw the dates on which claims are classed as doubtful and written off."""
    doubted = rng.random(len(defaults.day)) < 0.5
    ceased = (defaults.way == CESSATION) & ~defaults.cures & (rng.random(len(defaults.day)) < 0.7)
    lost = defaults.way == WRITE_OFF
    rows = []
    for kind, chosen, earliest, latest in (
        ("doubtful", doubted, -15, 60),
        ("write_off", ceased, 60, 240),
        ("write_off", lost, 0, 1),
    ):
        days = defaults.day[chosen] + rng.integers(earliest, latest, int(chosen.sum()))
        rows.append((kind, defaults.customer[chosen], days))
    return rows


def _monthly_signals(
    portfolio: SimulatedPortfolio, invoices: Invoices, rng: np.random.Generator
) -> list[tuple[str, Ints, Ints]]:
    """Draw requests for more time and returned debits, in months with an invoice."""
    health, distress, time = portfolio.health, portfolio.distress, portfolio.time
    busy = np.zeros((len(health.level), time.months), dtype=np.bool_)
    busy[invoices.customer, time.month_of(invoices.issued)] = True
    columns = time.column(np.arange(time.months))
    total, fallen = health.total[:, columns], distress.age[:, columns] > 0
    rows = []
    for kind, usual, in_distress in (("more_time", 0.006, 0.16), ("returned_debit", 0.003, 0.09)):
        chance = np.minimum(usual * np.exp(-0.75 * total), 0.2) + in_distress * fallen
        who, month = np.nonzero((rng.random(chance.shape) < chance) & busy)
        days = time.first_day(month) + rng.integers(0, 28, len(who))
        rows.append((kind, who, days))
    return rows


def insurance_table(portfolio: SimulatedPortfolio, rng: np.random.Generator) -> pd.DataFrame:
    """Draw insurance limits: 30 % of companies are covered; some limits are cut, more often of weak ones."""
    companies, time = portfolio.companies, portfolio.time
    covered = np.flatnonzero((rng.random(companies.count) < 0.30) & ~companies.natural_person)
    count = len(covered)
    from_month = np.maximum(companies.entry[covered], 0)
    began = time.first_day(from_month) + rng.integers(0, 28, count)
    began = np.minimum(began, time.until)
    limit = np.round(portfolio.habits.amount_eur[covered] * 8 * np.exp(rng.normal(0, 0.6, count)), -3) + 1_000
    cut_on = began + rng.integers(90, 900, count)
    weak = portfolio.health_at(covered, time.month_of(cut_on))
    cut = (rng.random(count) < np.clip(0.15 * np.exp(-0.4 * weak), 0, 0.6)) & (cut_on <= time.until)
    insurer = np.array(INSURERS, dtype=object)[rng.integers(0, len(INSURERS), count)]
    share = rng.choice([0.85, 0.9, 0.9], count)
    ids = np.array(companies.ids, dtype=object)[covered]
    reduced = np.round(limit * rng.choice([0.0, 0.5], count), -3)
    first = {"customer_id": ids, "insurer": insurer, "limit_eur": limit, "covered_share": share}
    opened = pd.DataFrame({**first, "valid_from": dates(began), "valid_to": dates(cut_on - 1, cut)})
    after = pd.DataFrame({**first, "limit_eur": reduced, "valid_from": dates(cut_on)})
    reduced_later: pd.DataFrame = after[cut]
    return pd.concat([opened, reduced_later], ignore_index=True)
