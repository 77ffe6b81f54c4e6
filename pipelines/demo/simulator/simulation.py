"""Simulation of the demo portfolio: draws all parts and builds the ledger and the truth.

Owns the wiring and the document numbers. Every part has its own random stream of the one seed, so that a
change in one does not affect the others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.errors import LedgerError
from models.ledger.files import write_ledger
from models.ledger.ledger import from_frames
from models.ledger.versions import writing
from pipelines.demo.simulator.accounts import accounts_table
from pipelines.demo.simulator.companies import customers_table
from pipelines.demo.simulator.events import filings_table, insurance_table, signals_table
from pipelines.demo.simulator.invoicing import draw_invoices
from pipelines.demo.simulator.late_odds import late_probability
from pipelines.demo.simulator.lateness import draw_lateness
from pipelines.demo.simulator.oracle import default_odds
from pipelines.demo.simulator.portfolio import SimulatedPortfolio, draw_portfolio
from pipelines.demo.simulator.settling import settle
from pipelines.demo.simulator.stopping import stop
from pipelines.demo.simulator.timeline import dates, timeline
from pipelines.demo.simulator.truth import Truth, health_truth, invoice_truth, write_truth

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from models.ledger.ledger import Ledger
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.lateness import Lateness
    from pipelines.demo.simulator.settling import CreditNotes, Lines
    from pipelines.demo.simulator.timeline import Ints

UNTIL = dt.date(2026, 9, 30)


def simulate(customers: int, months: int, seed: int, *, until: dt.date = UNTIL) -> tuple[Ledger, Truth]:
    """Simulate a French B2B seller's ledger.

    Parameters
    ----------
    customers
        Number of customers, at least 1.
    months
        Number of calendar months, at least 1; the last is the month of `until`.
    seed
        The same seed gives the same ledger, bit for bit.
    until
        The ledger's last day.

    Returns
    -------
    tuple[Ledger, Truth]
        The seller's ledger, and the hidden truth.

    Raises
    ------
    LedgerError
        `customers` or `months` is less than 1.

    Examples
    --------
    >>> ledger, truth = simulate(20, 6, seed=1)
    >>> len(ledger.customers), len(truth.health) > 0
    (20, True)
    """
    if customers < 1 or months < 1:
        raise LedgerError(
            f"a demo needs a customer and a month; {customers} and {months} came: ask for 1 or more"
        )
    time = timeline(months, until)
    rngs = np.random.default_rng(seed).spawn(13)
    portfolio = draw_portfolio(customers, time, rngs[:4])
    planned = draw_invoices(portfolio, rngs[4])
    defaults, all_stops = stop(portfolio, planned, rngs[5])
    invoices, stops = planned.only(all_stops.issued), all_stops.only_issued()
    lateness = draw_lateness(portfolio, invoices, stops, defaults, rngs[6])
    last_day = np.append(defaults.day, 0)[stops.default]
    notes, lines = settle(portfolio, invoices, lateness, last_day, rngs[7])
    papers = _Papers(portfolio, invoices, notes, _numbers("F", invoices.issued), _numbers("A", notes.issued))
    ledger = from_frames(
        {
            "customers": customers_table(portfolio.companies, rngs[8]),
            "invoices": _invoices_table(papers, lateness),
            "payments": _payments_table(papers, lines),
            "filings": filings_table(portfolio, defaults, rngs[9]),
            "accounts": accounts_table(portfolio, defaults, rngs[10]),
            "insurance": insurance_table(portfolio, rngs[11]),
            "signals": signals_table(portfolio, invoices, lateness, defaults, rngs[12]),
        }
    )
    truth = Truth(
        health_truth(portfolio, defaults, default_odds()),
        invoice_truth(papers.ids, invoices, lateness, late_probability(portfolio, invoices, stops)),
    )
    return ledger, truth


def write_demo(ledger: Ledger, truth: Truth, out: Path) -> None:
    """Write the ledger to `out` and the truth to the sibling folder `<out>_truth`."""
    with writing(out) as draft:
        write_ledger(ledger, draft)
    write_truth(truth, out.with_name(out.name + "_truth"))


@dataclass(frozen=True, slots=True)
class _Papers:
    """The documents with their numbers, for the tables."""

    portfolio: SimulatedPortfolio
    invoices: Invoices
    notes: CreditNotes
    ids: list[str]
    note_ids: list[str]

    def customer_ids(self, customers: Ints) -> npt.NDArray[np.object_]:
        return np.array(self.portfolio.companies.ids, dtype=object)[customers]


def _numbers(letter: str, issued: Ints) -> list[str]:
    """Number documents consecutively in order of issue (art. 242 nonies A, annexe II CGI)."""
    number = np.empty(len(issued), dtype=np.int64)
    number[np.argsort(issued, kind="stable")] = np.arange(1, len(issued) + 1)
    return [f"{letter}{n:07d}" for n in number]


def _invoices_table(papers: _Papers, lateness: Lateness) -> pd.DataFrame:
    invoices, notes, until = papers.invoices, papers.notes, papers.portfolio.time.until
    bills = pd.DataFrame(
        {
            "invoice_id": papers.ids,
            "customer_id": papers.customer_ids(invoices.customer),
            "kind": "invoice",
            "issued_on": dates(invoices.issued),
            "due_on": dates(invoices.due),
            "amount_cents": invoices.cents,
            "currency": "EUR",
            "disputed_from": dates(
                lateness.disputed_from, lateness.disputed & (lateness.disputed_from <= until)
            ),
            "disputed_to": dates(lateness.disputed_to, lateness.disputed & (lateness.disputed_to <= until)),
        }
    )
    undisputed = dates(notes.issued, np.zeros(len(notes.issued), dtype=np.bool_))
    credited = pd.DataFrame(
        {
            "invoice_id": papers.note_ids,
            "customer_id": papers.customer_ids(invoices.customer[notes.invoice]),
            "kind": "credit_note",
            "issued_on": dates(notes.issued),
            "due_on": dates(notes.issued),
            "amount_cents": notes.cents,
            "currency": "EUR",
            "disputed_from": undisputed,
            "disputed_to": undisputed,
        }
    )
    return pd.concat([bills, credited[notes.issued <= until]], ignore_index=True)


def _payments_table(papers: _Papers, lines: Lines) -> pd.DataFrame:
    visible = np.flatnonzero(lines.paid <= papers.portfolio.time.until)
    visible = visible[np.argsort(lines.paid[visible], kind="stable")]
    documents = np.array([*papers.ids, *papers.note_ids, None], dtype=object)
    return pd.DataFrame(
        {
            "payment_id": [f"P{n:08d}" for n in range(1, len(visible) + 1)],
            "invoice_id": documents[lines.document[visible]],
            "customer_id": papers.customer_ids(lines.customer[visible]),
            "paid_on": dates(lines.paid[visible]),
            "amount_cents": lines.cents[visible],
        }
    )
