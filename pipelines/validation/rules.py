"""What a ledger must hold, as plain data: one rule a line, each an error or a warning.

An error makes every figure computed from the table doubtful; a warning is worth a look. The rules know no
library: `checks` runs them. What one row must hold to get in at all is the sources' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.ledger import FILING_KINDS, SCORE_SCALES, SIGNAL_KINDS

Level = Literal["error", "warning"]
What = Literal[
    "some_rows",
    "unique",
    "filled",
    "among",
    "between",
    "above",
    "not_equal",
    "pattern",
    "in_order",
    "none",
    "one_value",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that holds of a table.

    Parameters
    ----------
    name
        A sentence that is true when the rule holds.
    what
        How it is checked. `none` wants a derived column of `pipelines.validation.derived` to be all empty: it
        holds the values at fault. `in_order` wants the first of two dates never after the second.
    columns
        The columns it looks at.
    low, high
        Bounds of `between` (both in) and of `above` (`low` out).
    allowed
        Values of `among`, or the one value `not_equal` forbids.
    """

    table: str
    name: str
    what: What
    columns: tuple[str, ...] = ()
    level: Level = "error"
    low: float | None = None
    high: float | None = None
    allowed: tuple[str | int, ...] = ()
    pattern: str = ""


CURRENCY, COUNTRY, NAF = "^[A-Z]{3}$", "^[A-Z]{2}$", r"^\d{2}\.\d{2}[A-Z]$"
LARGEST_CENTS = 10_000_000_000
"""An amount of 100 M is rather a missing decimal sign than an invoice."""

CUSTOMERS = (
    Rule("customers", "there are customers", "some_rows"),
    Rule("customers", "a customer's number is unique", "unique", ("customer_id",)),
    Rule("customers", "every customer has a number", "filled", ("customer_id",)),
    Rule("customers", "a siren is nine digits with a Luhn key", "none", ("siren_at_fault",)),
    Rule("customers", "a siren belongs to one customer", "unique", ("siren",), "warning"),
    Rule("customers", "a country is two capitals", "pattern", ("country",), pattern=COUNTRY),
    Rule("customers", "a NAF code looks like 43.21A", "pattern", ("naf",), "warning", pattern=NAF),
    Rule("customers", "a headcount is not negative", "between", ("headcount",), low=0),
    Rule("customers", "terms are at least 0 days", "between", ("payment_terms_days",), low=0),
    Rule("customers", "terms are under half a year", "between", ("payment_terms_days",), "warning", high=180),
    Rule("customers", "a limit is not negative", "between", ("credit_limit_eur",), low=0),
)

INVOICES = (
    Rule("invoices", "there are invoices", "some_rows", level="warning"),
    Rule("invoices", "an invoice's number is unique", "unique", ("invoice_id",)),
    Rule("invoices", "every invoice has a number", "filled", ("invoice_id",)),
    Rule("invoices", "an invoice's customer exists", "none", ("customer_id_unknown",)),
    Rule("invoices", "a kind is known", "among", ("kind",), allowed=("invoice", "credit_note")),
    Rule("invoices", "an amount is above zero", "above", ("amount_cents",), low=0),
    Rule("invoices", "an amount is under 100 M", "between", ("amount_cents",), "warning", high=LARGEST_CENTS),
    Rule("invoices", "a currency is three capitals", "pattern", ("currency",), pattern=CURRENCY),
    Rule("invoices", "one currency only, for amounts are summed", "one_value", ("currency",), "warning"),
    Rule("invoices", "no invoice is due before its issue", "in_order", ("issued_on", "due_on")),
    Rule("invoices", "no invoice is due a year after its issue", "none", ("term_too_long",), "warning"),
    Rule("invoices", "a dispute ends after it begins", "in_order", ("disputed_from", "disputed_to")),
    Rule("invoices", "no invoice is paid more than its amount", "none", ("overpaid",), "warning"),
)

PAYMENTS = (
    Rule("payments", "a payment's number is unique", "unique", ("payment_id",)),
    Rule("payments", "every payment has a number", "filled", ("payment_id",)),
    Rule("payments", "a payment's customer exists", "none", ("customer_id_unknown",)),
    Rule("payments", "a payment's invoice exists", "none", ("invoice_id_unknown",)),
    Rule("payments", "an invoice is paid by its customer", "none", ("payer_differs",), "warning"),
    Rule("payments", "a payment is not zero", "not_equal", ("amount_cents",), allowed=(0,)),
    Rule("payments", "no invoice is paid a year before its issue", "none", ("paid_too_early",), "warning"),
)

FILINGS = (
    Rule("filings", "a filing stands once", "unique", ("siren", "customer_id", "kind", "judged_on")),
    Rule("filings", "a filing names whose it is", "none", ("nameless",)),
    Rule("filings", "a filing's customer exists", "none", ("customer_id_unknown",), "warning"),
    Rule("filings", "a kind is known", "among", ("kind",), allowed=FILING_KINDS),
    Rule(
        "filings",
        "a judgment comes before its publication",
        "in_order",
        ("judged_on", "published_on"),
        "warning",
    ),
)

ACCOUNTS = (
    Rule("accounts", "a year's accounts stand once", "unique", ("siren", "customer_id", "closed_on")),
    Rule("accounts", "accounts name whose they are", "none", ("nameless",)),
    Rule("accounts", "accounts' customer exists", "none", ("customer_id_unknown",), "warning"),
    Rule(
        "accounts",
        "no accounts are published before the year ends",
        "in_order",
        ("closed_on", "published_on"),
    ),
    Rule("accounts", "a currency is three capitals", "pattern", ("currency",), pattern=CURRENCY),
    Rule("accounts", "a year has 1 to 24 months", "between", ("months",), "warning", low=1, high=24),
    Rule("accounts", "turnover is not negative", "between", ("turnover",), "warning", low=0),
    Rule("accounts", "total assets are not negative", "between", ("total_assets",), "warning", low=0),
)

INSURANCE = (
    Rule("insurance", "a cover stands once", "unique", ("customer_id", "insurer", "valid_from")),
    Rule("insurance", "a cover's customer exists", "none", ("customer_id_unknown",)),
    Rule("insurance", "a limit is not negative", "between", ("limit_eur",), low=0),
    Rule("insurance", "a covered share lies in [0, 1]", "between", ("covered_share",), low=0, high=1),
    Rule("insurance", "a cover ends after it begins", "in_order", ("valid_from", "valid_to")),
)

SIGNALS = (
    Rule("signals", "a signal stands once", "unique", ("customer_id", "kind", "seen_on")),
    Rule("signals", "a signal's customer exists", "none", ("customer_id_unknown",)),
    Rule("signals", "a kind is known", "among", ("kind",), allowed=SIGNAL_KINDS),
)

OUTSIDE_SCORES = (
    Rule("outside_scores", "a score stands once", "unique", ("siren", "customer_id", "scale", "scored_on")),
    Rule("outside_scores", "a score names whose it is", "none", ("nameless",)),
    Rule("outside_scores", "a score's customer exists", "none", ("customer_id_unknown",), "warning"),
    Rule("outside_scores", "a scale is known", "among", ("scale",), allowed=SCORE_SCALES),
)

RULES = (
    *CUSTOMERS,
    *INVOICES,
    *PAYMENTS,
    *FILINGS,
    *ACCOUNTS,
    *INSURANCE,
    *SIGNALS,
    *OUTSIDE_SCORES,
)
