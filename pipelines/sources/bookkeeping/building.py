"""Build canonical tables from merged lines: the steps in order, and the fate of every line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.features.running import day_numbers
from pipelines.sources.bookkeeping.customers import NO_CUSTOMER, customers_table, name_customers
from pipelines.sources.bookkeeping.differences import settle_differences
from pipelines.sources.bookkeeping.documents import (
    CREDIT_NOTE,
    INVOICE,
    MOVE,
    PAYMENT,
    TRANSFER,
    ids,
    issue_days,
    kinds,
    move_ties,
    retentions,
)
from pipelines.sources.bookkeeping.doubtful import signals_table
from pipelines.sources.bookkeeping.due_dates import due_days
from pipelines.sources.bookkeeping.lettering import NONE, across_years, read_letters, tie
from pipelines.sources.bookkeeping.lines import EntrySide, has
from pipelines.sources.bookkeeping.matching import settle
from pipelines.sources.bookkeeping.opening import CarriedForward, carry_on
from pipelines.sources.bookkeeping.tables import invoices_table, notes_table, payments_table

if TYPE_CHECKING:
    from collections.abc import Mapping

TAKEN, MOVED, ASSIGNED, ADJUSTED, JOINED, OLD, BILL, ZERO, CLOSING, PROVISION, REFUSED = (
    *("taken", "moved", "assigned", "adjusted", "joined", "old", "bill", "zero", "closing", "provision"),
    "refused",
)
"""Fate of a line: a document or payment; a transfer of a debt to another account; an assignment to a factor;
a difference merged into a payment; an opening line represented by an earlier line; set apart as old and
unmatched; on a bills account without customer names; amount 0; a closing entry; a provision; quarantined."""
IN_LEDGER = (TAKEN, MOVED, ASSIGNED, ADJUSTED)
"""The fates whose lines sum to the open amount of the ledger."""


@dataclass(frozen=True, slots=True)
class BookkeepingOptions:
    """Options of the import: default terms, and the age from which an opening item is old, both in days."""

    default_days: int
    old_after_days: int


@dataclass(frozen=True, slots=True)
class BookkeepingTables:
    """Canonical tables and the record of how they were built.

    Parameters
    ----------
    tables
        customers, invoices, payments, signals.
    fates
        The lines given, with `fate` and, where it is not empty, `reason`.
    notes
        One row an invoice, credit note or payment: table, id, file, line, piece, due_from, settled_by,
        opening.
    old
        Items set apart: lines with `cents` and `issued_on`.
    unreadable
        Invoices whose column or label resembles a due date but has none: file, line, label, told_on.
    renumbered
        The new number of each customer that got one, by the old.
    """

    tables: dict[str, pd.DataFrame]
    fates: pd.DataFrame
    notes: pd.DataFrame
    old: pd.DataFrame
    carried: CarriedForward
    by_account: int
    unnamed_provisions: int
    unreadable: pd.DataFrame
    renumbered: Mapping[str, str]


def build(
    lines: pd.DataFrame, agreed: Mapping[str, float], terms: BookkeepingOptions, source: str
) -> BookkeepingTables:
    """Build a ledger's tables from the lines of all years.

    Parameters
    ----------
    lines
        Lines with `reading.LINE_COLUMNS`, each entry once, in order of closing; (n_lines, .).
    agreed
        Terms in days by customer, where the ledger knows them.
    source
        The name that signals carry.

    Raises
    ------
    LedgerError
        The lines name no customers.
    """
    named = name_customers(lines)
    every = named.lines.assign(cents=lines["debit"] - lines["credit"])
    fate = _first_fates(every)
    work = every[fate.eq(TAKEN)].reset_index()
    kind, group, carried = _tied(work)
    items = settle_differences(_items(work, kind, group, carried, terms.old_after_days))
    items = items.assign(**_due(items, agreed, terms.default_days))
    parts, apart, items = _settled(items, terms)
    assigned = (kind == TRANSFER) & has(work, EntrySide.FACTOR).to_numpy()
    fate.loc[work["index"]] = np.select(
        [
            carried.joined,
            assigned,
            np.isin(kind, [MOVE, TRANSFER]),
            items["folded"].to_numpy()[: len(work)],
            items["apart"].to_numpy()[: len(work)] & apart[: len(work)],
        ],
        [JOINED, ASSIGNED, MOVED, ADJUSTED, OLD],
        TAKEN,
    )
    # A transfer leaves nothing of an invoice that it takes whole.
    kept = items[~apart & items["kind"].ne(MOVE) & items["cents"].gt(0)]
    provisions, own = every[fate.eq(PROVISION)], ~carried.joined
    tables = {
        "customers": customers_table(every[fate.isin([*IN_LEDGER, JOINED, OLD])]),
        "invoices": invoices_table(kept),
        "payments": payments_table(items, parts),
        "signals": signals_table(work[own], pd.Series(kind, index=work.index)[own], provisions, source),
    }
    known = provisions["customer_id"].isin(tables["customers"]["customer_id"])
    return BookkeepingTables(
        tables,
        every.assign(fate=fate, reason=np.where(fate.eq(REFUSED), NO_CUSTOMER, "")),
        notes_table(kept, items, parts),
        items[apart],
        carried,
        named.by_account,
        int((~known & (provisions["credit"] > provisions["debit"])).sum()),
        kept.loc[kept["unreadable"], ["file", "line", "label", "told_on"]],
        named.renumbered,
    )


def _first_fates(lines: pd.DataFrame) -> pd.Series:
    """Separate lines that are not items."""
    unnamed_bill = lines["account"].str.startswith("413") & lines["customer_id"].isna()
    chosen = np.select(
        [
            lines["account"].str.startswith("491"),
            unnamed_bill,
            lines["cents"].eq(0),
            has(lines, EntrySide.CLOSING),
            lines["customer_id"].isna(),
        ],
        [PROVISION, BILL, ZERO, CLOSING, REFUSED],
        TAKEN,
    )
    return pd.Series(chosen, index=lines.index, dtype="object")


def _tied(work: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, CarriedForward]:
    """Classify each line, group the lines, and join opening lines to those that they carry forward."""
    kind = kinds(work)
    letters = read_letters(work)
    carried = carry_on(work, letters.balanced)
    ties = np.concatenate([carried.ties, move_ties(work, kind == MOVE), across_years(work, letters)])
    return kind, tie(letters.group, ties), carried


def _items(
    work: pd.DataFrame, kind: np.ndarray, group: np.ndarray, carried: CarriedForward, old_after_days: int
) -> pd.DataFrame:
    """Concatenate the lines and the opening gaps; joined lines and transfers stay, inactive."""
    opening = has(work, EntrySide.OPENING)
    issued = issue_days(work)
    document = np.isin(kind, [INVOICE, CREDIT_NOTE]) | opening.to_numpy()
    own = pd.DataFrame(
        {
            "id": ids(work),
            "customer_id": work["customer_id"],
            "kind": np.where(carried.joined, MOVE, kind),
            "issued_on": issued.where(document, work["booked_on"]),
            "cents": work["cents"].abs(),
            "group": group,
            "label": work["label"],
            "told_on": work["due_on"],
            "retention": retentions(work),
            "is_debit": work["cents"].gt(0),
            "exchange": has(work, EntrySide.EXCHANGE),
            "opening": opening.to_numpy() & ~carried.joined,
            "apart": opening.to_numpy()
            & ~carried.joined
            & ((work["booked_on"] - issued).dt.days > old_after_days).to_numpy(),
            "file": work["file"],
            "line": work["line"],
            "piece": work["piece"],
        }
    )
    if carried.gaps.empty:
        return own
    siren = work["siren"].fillna("fec").iloc[0]
    both = pd.concat([own, _gap_items(carried.gaps, siren)], ignore_index=True)
    return both.astype(dict.fromkeys(["opening", "apart", "retention", "is_debit", "exchange"], "bool"))


def _gap_items(gaps: pd.DataFrame, siren: str) -> pd.DataFrame:
    """Build an item from each difference between an opening balance and the previous close."""
    return pd.DataFrame(
        {
            "id": siren + "-" + gaps["closes_on"].dt.strftime("%Y%m%d") + "-AN-" + gaps["customer_id"],
            "customer_id": gaps["customer_id"],
            "kind": np.where(gaps["cents"] > 0, INVOICE, PAYMENT),
            "issued_on": gaps["booked_on"],
            "cents": gaps["cents"].abs(),
            "group": NONE,
            "label": "",
            "told_on": pd.Series(pd.NaT, index=gaps.index, dtype="datetime64[s]"),
            "retention": False,
            "is_debit": gaps["cents"] > 0,
            "exchange": False,
            "opening": True,
            "apart": False,
            "file": "",
            "line": 0,
            "piece": "",
        }
    )


def _due(items: pd.DataFrame, agreed: Mapping[str, float], default_days: int) -> pd.DataFrame:
    due = due_days(items, agreed, default_days)
    invoice = items["kind"].eq(INVOICE)
    return pd.DataFrame(
        {
            "due_on": due["due_on"].where(invoice, items["issued_on"]),
            "due_from": due["due_from"].where(invoice, ""),
            "unreadable": due["unreadable"] & invoice,
        }
    )


def _settled(items: pd.DataFrame, terms: BookkeepingOptions) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """Match, remove transferred amounts, and set apart the old opening items without a match."""
    active = items["kind"].ne(MOVE)
    numbers = pd.DataFrame(
        {
            "customer": pd.factorize(items["customer_id"])[0],
            "kind": items["kind"],
            "day": day_numbers(items["issued_on"]),
            "due": day_numbers(items["due_on"]),
            "cents": items["cents"],
            "group": items["group"],
            "apart": items["apart"],
            "piece": items["piece"],
            "label": items["label"],
        }
    )[active].reset_index(drop=True)
    at = np.flatnonzero(active)
    parts = settle(numbers, terms.old_after_days)
    document = parts["document"].to_numpy()
    parts = parts.assign(
        line=at[parts["line"]], document=np.where(document >= 0, np.append(at, -1)[document], -1)
    )
    met = parts[parts["how"] != "on_account"]
    touched = np.zeros(len(items), dtype=np.bool_)
    touched[met["line"].to_numpy()] = True
    touched[met.loc[met["document"] >= 0, "document"].to_numpy()] = True
    apart = items["apart"].to_numpy(dtype=np.bool_) & ~touched & active.to_numpy(dtype=np.bool_)
    taken = (items["kind"].to_numpy()[parts["line"]] == TRANSFER) & (parts["document"] >= 0).to_numpy()
    cents = items["cents"].to_numpy().copy()
    np.subtract.at(cents, parts.loc[taken, "document"].to_numpy(), parts.loc[taken, "cents"].to_numpy())
    kept = ~taken & ~apart[parts["line"].to_numpy()]
    return parts[kept].reset_index(drop=True), apart, items.assign(cents=cents)
