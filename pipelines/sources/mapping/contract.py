"""Contract of a single row beyond the column types of `models.ledger.tables`.

Rules of a single row, as plain data; `pipelines.validation` checks rows and tables against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable


class ValueRule(NamedTuple):
    """A rule of one column: the mask of valid values among the non-missing, and the reason for the others."""

    tables: tuple[str, ...]
    column: str
    good: Callable[[pd.Series], pd.Series]
    reason: str


class OrderRule(NamedTuple):
    """A date that must not precede another of the same row."""

    table: str
    earlier: str
    later: str


def _matches(pattern: str) -> Callable[[pd.Series], pd.Series]:
    return lambda text: text.str.fullmatch(pattern)


def _luhn(sirens: pd.Series) -> pd.Series:
    from stdnum.fr import siren  # noqa: PLC0415  # only files with sirens pay for it

    return sirens.map({text: len(text) == 9 and siren.is_valid(text) for text in sirens.unique()}).astype(
        "bool"
    )


VALUE_RULES = (
    ValueRule(("invoices",), "amount_cents", lambda cents: cents > 0, "an invoice's amount is above zero"),
    ValueRule(("payments",), "amount_cents", lambda cents: cents != 0, "a payment's amount is not zero"),
    ValueRule(
        ("invoices", "accounts"), "currency", _matches("[A-Z]{3}"), "a currency is three capitals such as EUR"
    ),
    ValueRule(("customers",), "country", _matches("[A-Z]{2}"), "a country is two capitals such as FR"),
    ValueRule(
        ("accounts", "filings", "outside_scores"),  # `building` stores a customer's foreign number separately
        "siren",
        _luhn,
        "a siren is nine digits with a Luhn key",
    ),
    ValueRule(("customers",), "headcount", lambda n: n >= 0, "a headcount is not negative"),
    ValueRule(("customers",), "payment_terms_days", lambda n: n >= 0, "terms are not negative"),
    ValueRule(("customers",), "credit_limit_eur", lambda eur: eur >= 0, "a limit is not negative"),
    ValueRule(("insurance",), "limit_eur", lambda eur: eur >= 0, "a limit is not negative"),
    ValueRule(("insurance",), "covered_share", lambda x: (x >= 0) & (x <= 1), "a share lies in [0, 1]"),
    ValueRule(("accounts",), "months", lambda n: n > 0, "a financial year has some months"),
)

ORDER_RULES = (
    OrderRule("invoices", "issued_on", "due_on"),
    OrderRule("invoices", "disputed_from", "disputed_to"),
    OrderRule("accounts", "closed_on", "published_on"),
    OrderRule("insurance", "valid_from", "valid_to"),
    OrderRule("filings", "published_on", "withdrawn_on"),
)

NAMED_BY_EITHER = ("accounts", "filings", "outside_scores")


def broken_values(table: str, column: str, values: pd.Series) -> list[tuple[pd.Series, str]]:
    """Check a column's values: for each rule the mask of violations and the reason."""
    found = []
    for rule in VALUE_RULES:
        if table in rule.tables and column == rule.column:
            held = values.dropna()
            bad = pd.Series(data=False, index=values.index)
            bad[held.index] = ~rule.good(held).astype("bool")
            found.append((bad, rule.reason))
    return found


def broken_orders(table: str, rows: pd.DataFrame) -> list[tuple[str, pd.Series, str]]:
    """Check the order of dates in each row: the later column, the mask of violations and the reason."""
    return [
        (rule.later, rows[rule.later] < rows[rule.earlier], f"{rule.later} is before {rule.earlier}")
        for rule in ORDER_RULES
        if rule.table == table and {rule.earlier, rule.later} <= set(rows)
    ]
