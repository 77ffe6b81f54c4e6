"""A ledger's invoices, credit notes and payments as double-entry lines, each linked to its invoice.

In a FEC, a credit note applied to an invoice, or a deposit moved to it, is a matching letter rather than an
entry: pairs of payments of opposite sign in the ledger are recognized here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger

VAT = 0.20
SALES, BANK, CUSTOMERS, COLLECTED, SOLD = "VE", "BQ", "411000", "445710", "707000"
ACCOUNTS = {
    "411000": "Clients",
    "416000": "Clients douteux ou litigieux",
    "401000": "Fournisseurs",
    "445710": "TVA collectée",
    "445660": "TVA déductible",
    "491000": "Dépréciations des comptes de clients",
    "512000": "Banque",
    "607000": "Achats de marchandises",
    "654000": "Pertes sur créances irrécouvrables",
    "681740": "Dotations dépréciations des créances",
    "707000": "Ventes de marchandises",
    "120000": "Résultat de l'exercice",
}
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses", "AN": "A nouveaux", "AC": "Achats"}


@dataclass(frozen=True, slots=True)
class Postings:
    """Lines on customer accounts, without counterparts.

    Parameters
    ----------
    items
        Columns journal, day, customer_id, piece, cents (debit above 0), label, group (the invoice's id, empty
        for money on account) and kind; (n_items, .).
    """

    items: pd.DataFrame


def post(ledger: Ledger) -> Postings:
    """Post a ledger's documents and payments."""
    documents = ledger.invoices
    money, applied = _money(ledger.payments, documents)
    note = documents["kind"].eq("credit_note").to_numpy()
    group = documents["invoice_id"].where(~note, documents["invoice_id"].map(applied))
    sign = np.where(note, -1, 1)
    word = np.where(note, "Avoir ", "Facture ")
    sold = pd.DataFrame(
        {
            "journal": SALES,
            "day": documents["issued_on"],
            "customer_id": documents["customer_id"],
            "piece": documents["invoice_id"],
            "cents": documents["amount_cents"] * sign,
            "label": word + documents["invoice_id"],
            "group": group.fillna(documents["invoice_id"]),
            "kind": np.where(note, "credit_note", "invoice"),
            "due_on": documents["due_on"],
        }
    )
    refund = money["amount_cents"] < 0
    paid = pd.DataFrame(
        {
            "journal": BANK,
            "day": money["paid_on"],
            "customer_id": money["customer_id"],
            "piece": money["payment_id"],
            "cents": -money["amount_cents"],
            "label": np.where(refund, "Remboursement ", "Virement ") + money["payment_id"],
            "group": money["group"].map(applied).fillna(money["group"]),
            "kind": np.where(refund, "refund", "payment"),
            "due_on": money["paid_on"],
        }
    )
    items = pd.concat([sold, paid], ignore_index=True)
    return Postings(items.sort_values(["day", "journal", "piece"], ignore_index=True, kind="stable"))


def _money(payments: pd.DataFrame, documents: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return bank movements with their invoice, and the invoice that each applied credit note reduces."""
    rows = payments.assign(size=payments["amount_cents"].abs(), at=np.arange(len(payments)))
    rows = rows.assign(negative=rows["amount_cents"] < 0, tied=rows["invoice_id"].notna())
    notes = set(documents.loc[documents["kind"] == "credit_note", "invoice_id"])
    key = ["customer_id", "paid_on", "size", "nth"]
    back, there = (
        part.assign(nth=part.groupby(["customer_id", "paid_on", "size"]).cumcount())
        for part in (
            rows[rows["negative"]],
            rows[~rows["negative"] & rows["tied"] & ~rows["invoice_id"].isin(notes)],
        )
    )
    pairs = back.merge(there, on=key, suffixes=("_back", ""))
    used = pairs[pairs["tied_back"]]
    applied = used.drop_duplicates("invoice_id_back").set_index("invoice_id_back")["invoice_id"]
    moved = pairs[~pairs["tied_back"]]
    real = rows[~rows["at"].isin([*pairs["at"], *pairs["at_back"]])]
    deposits = real[real["invoice_id"].isna()]
    nth = ["customer_id", "size", "nth"]
    claims = moved[["customer_id", "size", "invoice_id", "paid_on"]].sort_values("paid_on")
    met = deposits.assign(nth=deposits.groupby(nth[:2]).cumcount())[[*nth, "at"]].merge(
        claims.assign(nth=claims.groupby(nth[:2]).cumcount())[[*nth, "invoice_id"]], on=nth
    )
    group = real["invoice_id"].fillna(real["at"].map(met.set_index("at")["invoice_id"])).fillna("")
    return real.assign(group=group), applied


def counterparts(items: pd.DataFrame) -> pd.DataFrame:
    """Return the counterpart lines: sales and VAT, or the bank.

    Returns
    -------
        Columns entry (position of the item), account, cents; (n_lines, 3).
    """
    at = np.arange(len(items))
    sold = items["journal"].eq(SALES).to_numpy()
    cents = items["cents"].to_numpy()
    net = np.rint(cents / (1 + VAT)).astype(np.int64)
    return pd.concat(
        [
            pd.DataFrame({"entry": at[sold], "account": SOLD, "cents": -net[sold]}),
            pd.DataFrame({"entry": at[sold], "account": COLLECTED, "cents": net[sold] - cents[sold]}),
            pd.DataFrame({"entry": at[~sold], "account": "512000", "cents": -cents[~sold]}),
        ],
        ignore_index=True,
    )
