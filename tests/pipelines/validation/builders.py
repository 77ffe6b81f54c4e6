"""A small ledger that breaks no rule, and ways to break one."""

from dataclasses import replace

import pandas as pd

from models.ledger.ledger import Ledger, from_frames


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def sound_ledger() -> Ledger:
    return from_frames(
        {
            "customers": pd.DataFrame(
                {
                    "customer_id": ["C1", "C2"],
                    "siren": ["552032534", None],
                    "country": ["FR", None],
                    "naf": ["43.21A", None],
                    "headcount": [12.0, None],
                    "payment_terms_days": [30.0, 45.0],
                    "credit_limit_eur": [0.0, 5000.0],
                }
            ),
            "invoices": pd.DataFrame(
                {
                    "invoice_id": ["F1", "F2", "F3"],
                    "customer_id": ["C1", "C1", "C2"],
                    "kind": ["invoice", "credit_note", "invoice"],
                    "issued_on": [day("2024-01-02"), day("2024-01-20"), day("2024-02-01")],
                    "due_on": [day("2024-02-01"), day("2024-01-20"), day("2024-03-02")],
                    "amount_cents": [120000, 20000, 50000],
                    "currency": ["EUR"] * 3,
                    "disputed_from": [pd.NaT, pd.NaT, day("2024-02-10")],
                    "disputed_to": [pd.NaT, pd.NaT, day("2024-02-20")],
                }
            ),
            "payments": pd.DataFrame(
                {
                    "payment_id": ["P1", "P2", "P3", "P4"],
                    "invoice_id": ["F1", "F2", None, "F1"],
                    "customer_id": ["C1", "C1", "C2", "C1"],
                    "paid_on": [day("2024-02-05")] * 4,
                    "amount_cents": [100000, -20000, 700, 20000],
                }
            ),
            "filings": pd.DataFrame(
                {
                    "siren": ["552032534"],
                    "customer_id": ["C1"],
                    "kind": ["safeguard"],
                    "judged_on": [day("2024-05-01")],
                    "published_on": [day("2024-05-09")],
                }
            ),
            "accounts": pd.DataFrame(
                {
                    "siren": ["552032534", None],
                    "customer_id": [None, "C2"],
                    "closed_on": [day("2023-12-31")] * 2,
                    "published_on": [day("2024-06-30")] * 2,
                    "months": [12.0, None],
                    "currency": ["EUR", None],
                    "turnover": [1e6, None],
                    "total_assets": [5e5, None],
                }
            ),
            "outside_scores": pd.DataFrame(
                {
                    "siren": ["552032534"],
                    "scale": ["creditsafe"],
                    "score": ["71"],
                    "scored_on": [day("2024-05-01")],
                }
            ),
            "insurance": pd.DataFrame(
                {
                    "customer_id": ["C1"],
                    "insurer": ["Assureur Moreau"],
                    "limit_eur": [10000.0],
                    "covered_share": [0.9],
                    "valid_from": [day("2024-01-01")],
                    "valid_to": [day("2024-12-31")],
                }
            ),
            "signals": pd.DataFrame(
                {"customer_id": ["C1"], "kind": ["dispute"], "seen_on": [day("2024-01-05")]}
            ),
        }
    )


def with_value(ledger: Ledger, table: str, column: str, value: object) -> Ledger:
    """Put a value in the first row of a column."""
    frame = ledger.table(table).copy()
    frame.loc[0, column] = value
    return replace(ledger, **{table: frame})


def with_first_row_twice(ledger: Ledger, table: str) -> Ledger:
    frame = ledger.table(table)
    return replace(ledger, **{table: pd.concat([frame, frame.iloc[[0]]], ignore_index=True)})


def without_rows(ledger: Ledger, table: str) -> Ledger:
    return replace(ledger, **{table: ledger.table(table).iloc[:0]})
