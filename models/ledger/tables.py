"""Declaration of the canonical ledger's tables: columns, types, units, keys and nullability.

Owns the data format. `models.ledger.ledger` operates on frames of this format.

A ledger is a folder with one Parquet file per table. Only customers, invoices and payments are required, and
a ledger of financial statements and filings alone may have no invoices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.errors import LedgerError

ColumnKind = Literal["id", "text", "date", "cents", "eur", "number", "flag"]

DTYPES: dict[ColumnKind, str] = {
    "id": "str",
    "text": "str",
    "date": "datetime64[s]",
    "cents": "int64",
    "eur": "float64",
    "number": "float64",
    "flag": "bool",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Parameters
    ----------
    name
        The column's name, the same in Parquet and in frames.
    kind
        An id, free text, a date, whole cents, euros, another number, or a flag. It determines the stored
        type: see `DTYPES`.
    doc
        Its meaning, with the unit unless the name includes it.
    nullable
        Whether it may be empty. A flag is never empty: absent means false.
    choices
        The allowed values, if few; empty if any value is allowed.
    """

    name: str
    kind: ColumnKind
    doc: str
    nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its columns, its unique key, and the date from which a row is known.

    Parameters
    ----------
    key
        Columns that identify a row; importing a row with an existing key replaces it.
    known_on
        The date column from which a row is known; empty where rows have no date.
    later
        Date columns that are known only once past: `as_known_on` empties later ones.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    known_on: str = ""
    later: tuple[str, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column called `name`.

        Raises
        ------
        LedgerError
            The table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise LedgerError(f"table {self.name} has no column {name!r}; it has {', '.join(self.column_names)}")


PROCEEDINGS = ("safeguard", "receivership", "liquidation")
PROCEEDING_ENDED = "proceeding_ended"
"""A judgment that ends a proceeding, other than for insufficient assets."""
PLANS = ("safeguard_plan", "receivership_plan")
"""A judgment that adopts a plan: the observation period is over, the debts are paid according to the plan."""
UNREAD = "unknown"
"""A judgment that could not be interpreted: a person must read it."""
JUDGMENTS = (*PROCEEDINGS, *PLANS, PROCEEDING_ENDED, UNREAD)
FILING_KINDS = (*JUDGMENTS, "closure", "sale")
SIGNAL_KINDS = ("dispute", "more_time", "returned_debit", "change_of_activity", "doubtful", "write_off")
SCORE_SCALES = ("creditsafe", "allianz", "coface_dra", "banque_de_france", "dnb_failure")
FIGURES = (
    ("turnover", "net sales of the year"),
    ("gross_profit", "sales less the cost of goods sold"),
    ("cost_of_goods_sold", "cost of goods sold"),
    ("operating_expenses", "operating expenses"),
    ("ebitda", "earnings before interest, taxes, depreciation and amortisation"),
    ("depreciation", "depreciation and amortisation"),
    ("ebit", "earnings before interest and taxes"),
    ("net_income", "profit or loss of the year"),
    ("total_assets", "balance-sheet total"),
    ("current_assets", "current assets"),
    ("inventory", "stocks"),
    ("receivables", "trade receivables"),
    ("cash", "cash and equivalents"),
    ("equity", "net worth"),
    ("retained_earnings", "retained earnings, reserves included"),
    ("total_liabilities", "all liabilities"),
    ("current_liabilities", "liabilities due within a year"),
    ("long_term_debt", "financial debt due beyond a year"),
)

CUSTOMERS = Table(
    "customers",
    (
        Column("customer_id", "id", "the seller's number for the customer"),
        Column("name", "text", "registered name", nullable=True),
        Column("siren", "id", "nine digits with a Luhn key", nullable=True),
        Column(
            "other_number", "id", "number given instead of a SIREN: foreign, Monaco, invalid", nullable=True
        ),
        Column("country", "text", "ISO 3166 alpha-2 code", nullable=True),
        Column("postcode", "text", "postcode of its seat, else of its billing address", nullable=True),
        Column("town", "text", "town of the same address", nullable=True),
        Column("naf", "text", "NAF code such as 43.21A", nullable=True),
        Column(
            "legal_form", "text", "INSEE legal category, four digits; 1000 is a sole trader", nullable=True
        ),
        Column("headcount", "number", "staff", nullable=True),
        Column("created_on", "date", "the company's creation", nullable=True),
        Column("natural_person", "flag", "the customer is a natural person"),
        Column("group_id", "id", "the group it belongs to", nullable=True),
        Column("entity_id", "id", "key of its legal entity, where it has no SIREN", nullable=True),
        Column("payment_terms_days", "number", "agreed terms, in days from the invoice", nullable=True),
        Column("credit_limit_eur", "eur", "the limit in force; 0 means prepayment", nullable=True),
        Column("contact_name", "text", "whom to call about payments", nullable=True),
        Column("contact_phone", "text", "the telephone number to call about payments", nullable=True),
        Column("contact_email", "text", "the e-mail address to write to about payments", nullable=True),
    ),
    ("customer_id",),
)

INVOICES = Table(
    "invoices",
    (
        Column("invoice_id", "id", "the document's number"),
        Column("customer_id", "id", "who owes it"),
        Column("kind", "text", "what it is", choices=("invoice", "credit_note")),
        Column("issued_on", "date", "date of issue"),
        Column("due_on", "date", "agreed due date, never before the issue"),
        Column("amount_cents", "cents", "amount incl. VAT, positive for a credit note too"),
        Column("currency", "text", "ISO 4217 code"),
        Column("disputed_from", "date", "first day of a dispute", nullable=True),
        Column("disputed_to", "date", "the day a dispute ended", nullable=True),
    ),
    ("invoice_id",),
    known_on="issued_on",
    later=("disputed_from", "disputed_to"),
)

PAYMENTS = Table(
    "payments",
    (
        Column("payment_id", "id", "the payment line's number"),
        Column("invoice_id", "id", "what it settles; empty for money on account", nullable=True),
        Column("customer_id", "id", "who paid"),
        Column("paid_on", "date", "date of payment"),
        Column(
            "amount_cents", "cents", "positive when received; negative for a refund or a credit note used"
        ),
    ),
    ("payment_id",),
    known_on="paid_on",
)

COMPANY = (
    Column("siren", "id", "the company", nullable=True),
    Column("customer_id", "id", "the customer, where the company has no siren", nullable=True),
)
"""Columns that identify a company: one of them has a value."""

FILINGS = Table(
    "filings",
    (
        *COMPANY,
        Column("kind", "text", "what was published", choices=FILING_KINDS),
        Column("judged_on", "date", "the judgment's or the event's date"),
        Column("published_on", "date", "from when it is known"),
        Column("source", "text", "its source", nullable=True),
        Column("withdrawn_on", "date", "the day it was annulled or corrected", nullable=True),
    ),
    ("siren", "customer_id", "kind", "judged_on", "withdrawn_on"),
    known_on="published_on",
    later=("withdrawn_on",),
)
"""An event has at most one row; one that was withdrawn and published again has a row each time."""

ACCOUNTS = Table(
    "accounts",
    (
        *COMPANY,
        Column("closed_on", "date", "end of the financial year"),
        Column("published_on", "date", "from when they are known"),
        Column("confidential", "flag", "filed but kept from the public: no figures"),
        Column("months", "number", "length of the year in months", nullable=True),
        Column("currency", "text", "ISO 4217 code of every figure", nullable=True),
        *(Column(name, "number", f"{doc}, in `currency`", nullable=True) for name, doc in FIGURES),
    ),
    ("siren", "customer_id", "closed_on"),
    known_on="published_on",
)

INSURANCE = Table(
    "insurance",
    (
        Column("customer_id", "id", "the insured customer"),
        Column("insurer", "text", "who covers", nullable=True),
        Column("limit_eur", "eur", "the insurer's limit"),
        Column("covered_share", "number", "share of a loss that is paid, in [0, 1]"),
        Column("valid_from", "date", "first day of cover"),
        Column("valid_to", "date", "last day of cover", nullable=True),
    ),
    ("customer_id", "insurer", "valid_from"),
    known_on="valid_from",
    later=("valid_to",),
)

SIGNALS = Table(
    "signals",
    (
        Column("customer_id", "id", "whom it concerns"),
        Column("kind", "text", "what happened", choices=SIGNAL_KINDS),
        Column("seen_on", "date", "when it was seen"),
        Column("source", "text", "its source", nullable=True),
    ),
    ("customer_id", "kind", "seen_on"),
    known_on="seen_on",
)

OUTSIDE_SCORES = Table(
    "outside_scores",
    (
        *COMPANY,
        Column("scale", "text", "whose scale: see `models.ledger.outside_scores`", choices=SCORE_SCALES),
        Column("score", "text", "as it was given, such as 71 or 3+"),
        Column("scored_on", "date", "from when it is known"),
        Column("source", "text", "its source", nullable=True),
    ),
    ("siren", "customer_id", "scale", "scored_on"),
    known_on="scored_on",
)
"""Scores by external providers, on their own scales. No model reads them; people see them next to ours."""

_ALL = (CUSTOMERS, INVOICES, PAYMENTS, FILINGS, ACCOUNTS, INSURANCE, SIGNALS, OUTSIDE_SCORES)
TABLES: dict[str, Table] = {table.name: table for table in _ALL}
