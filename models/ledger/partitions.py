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
from models.ledger.id_positions import position
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
    customers, part = ledger.customers, _part_of_customers(ledger, count)
    found = {"customers": part}
    for name in TABLES:
        if name == "customers":
            continue
        frame = ledger.table(name)
        owner = position(customers["customer_id"], frame["customer_id"])
        stranger = frame["customer_id"]
        if "siren" in frame:
            owner = np.where(owner < 0, position(customers["siren"], frame["siren"]), owner)
            stranger = frame["siren"].where(frame["siren"].notna(), frame["customer_id"])
        elif name == "payments":
            owner = np.where(owner < 0, _debtor(ledger), owner)
        place, unknown = part[owner] if len(part) else owner.copy(), owner < 0
        place[unknown] = _hashed(stranger[unknown], count)
        found[name] = place
    return found


def _debtor(ledger: Ledger) -> Ints:
    """Return the customer of each payment's invoice, -1 where either is unknown, shape `(n_payments,)`."""
    owner = position(ledger.customers["customer_id"], ledger.invoices["customer_id"])
    return np.append(owner, -1)[position(ledger.invoices["invoice_id"], ledger.payments["invoice_id"])]


def _part_of_customers(ledger: Ledger, count: int) -> Ints:
    """Return the part of each customer: a hash of the first number of those that belong together."""
    together = _payers_joined(ledger, entity_codes(ledger.customers))
    _, first, group = np.unique(together, return_index=True, return_inverse=True)
    found: Ints = _hashed(ledger.customers["customer_id"].iloc[first], count)[group]
    return found


def _payers_joined(ledger: Ledger, entity: Ints) -> Ints:
    """Give entities one code where one paid an invoice of the other."""
    codes = np.append(entity, -1)
    payer = codes[position(ledger.customers["customer_id"], ledger.payments["customer_id"])]
    owes = codes[_debtor(ledger)]
    other = (payer >= 0) & (owes >= 0) & (payer != owes)
    if not other.any():
        return entity
    from scipy.sparse import coo_array  # noqa: PLC0415  # few ledgers have such payments
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    edges = payer[other], owes[other]
    size = int(entity.max()) + 1
    graph = coo_array((np.ones(len(edges[0]), dtype=np.int8), edges), shape=(size, size))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels[entity]


def _hashed(keys: pd.Series, count: int) -> Ints:
    values = keys.fillna("").to_numpy(object)
    return (pd.util.hash_array(values, categorize=False) % np.uint64(count)).astype(np.int64)
