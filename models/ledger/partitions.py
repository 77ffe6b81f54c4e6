"""Parts of a ledger that can be scored apart: whole legal entities, by a hash.

Everything that a customer's features read lies in its part, except the counts of
`models.features.portfolio_counts`. Customer numbers of one legal entity share a part, as do companies of
which one paid an invoice of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.ledger.entities import entity_codes
from models.ledger.ledger import Ledger
from models.ledger.tables import TABLES

if TYPE_CHECKING:
    from models.arrays import Ints

PART_CUSTOMERS, PART_DOCUMENTS = 5_000, 250_000
"""Largest average number of customers and of documents of a part."""


def part_count(ledger: Ledger) -> int:
    """Return the number of parts that a ledger of this size has, at least 1."""
    customers, documents = len(ledger.customers), len(ledger.invoices)
    return max(1, -(-customers // PART_CUSTOMERS), -(-documents // PART_DOCUMENTS))


def split(ledger: Ledger, count: int) -> list[Ledger]:
    """Split a ledger into parts, rows in their order; some may be empty.

    Parameters
    ----------
    ledger
        With its customer numbers joined as decided, by `models.ledger.entities.joined`.
    """
    if count == 1:
        return [ledger]
    places = part_of_rows(ledger, count)
    parts: list[dict[str, pd.DataFrame]] = [{} for _ in range(count)]
    for name in TABLES:
        frame, place = ledger.table(name), places[name]
        order = np.argsort(place, kind="stable")
        ends = np.cumsum(np.bincount(place, minlength=count))
        for part, rows in zip(parts, np.split(order, ends[:-1]), strict=True):
            part[name] = frame.iloc[rows].reset_index(drop=True)
    return [Ledger(**part) for part in parts]


def part_of_rows(ledger: Ledger, count: int) -> dict[str, Ints]:
    """Return the part of each row of each table, in [0, count)."""
    customers = ledger.customers
    part = _part_of_customers(ledger, count)
    by_id = pd.Series(part, index=customers["customer_id"].astype(object))
    named = customers["siren"].notna().to_numpy(bool)
    sirens = customers.loc[named, "siren"].astype(object)
    by_siren = pd.Series(part[named], index=sirens).groupby(level=0).first()
    found = {"customers": part}
    for name in TABLES:
        if name == "customers":
            continue
        frame = ledger.table(name)
        place = frame["customer_id"].astype(object).map(by_id)
        strange = frame["customer_id"]
        if "siren" in frame:
            place = place.where(place.notna(), frame["siren"].astype(object).map(by_siren))
            strange = frame["siren"].where(frame["siren"].notna(), frame["customer_id"])
        elif name == "payments":
            owner = ledger.invoices.set_index("invoice_id")["customer_id"].astype(object).map(by_id)
            owner = owner[~owner.index.duplicated()]
            place = place.where(place.notna(), frame["invoice_id"].map(owner))
        unknown = place.isna().to_numpy(bool)
        codes = place.fillna(0).to_numpy(np.int64, copy=True)
        codes[unknown] = _hashed(strange[unknown], count)
        found[name] = codes
    return found


def _part_of_customers(ledger: Ledger, count: int) -> Ints:
    """Return the part of each customer: a hash of the first number of those that belong together."""
    together = _payers_joined(ledger, entity_codes(ledger.customers))
    _, first, group = np.unique(together, return_index=True, return_inverse=True)
    found: Ints = _hashed(ledger.customers["customer_id"].iloc[first], count)[group]
    return found


def _payers_joined(ledger: Ledger, entity: Ints) -> Ints:
    """Give entities one code where one paid an invoice of the other."""
    code = pd.Series(entity, index=ledger.customers["customer_id"].astype(object))
    invoices, payments = ledger.invoices, ledger.payments
    codes = invoices["customer_id"].astype(object).map(code).to_numpy()
    owner = pd.Series(codes, index=invoices["invoice_id"].astype(object))
    owner = owner[~owner.index.duplicated()]
    payer = payments["customer_id"].astype(object).map(code).to_numpy(np.float64)
    owes = payments["invoice_id"].astype(object).map(owner).to_numpy(np.float64)
    other = ~np.isnan(payer) & ~np.isnan(owes) & (payer != owes)
    if not other.any():
        return entity
    from scipy.sparse import coo_array  # noqa: PLC0415  # few ledgers have such payments
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    edges = (payer[other].astype(np.int64), owes[other].astype(np.int64))
    size = int(entity.max()) + 1
    graph = coo_array((np.ones(len(edges[0]), dtype=np.int8), edges), shape=(size, size))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels[entity]


def _hashed(keys: pd.Series, count: int) -> Ints:
    values = keys.fillna("").to_numpy(object)
    return (pd.util.hash_array(values, categorize=False) % np.uint64(count)).astype(np.int64)
