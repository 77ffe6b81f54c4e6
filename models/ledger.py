"""The canonical ledger: its tables, their columns, types, units, keys and nullability, declared once.

Owns the shape of the data, merging by key, and cutting it back to what was known on a date. Reading and
writing is `models.ledger_files`'. How data gets into this shape is `pipelines.sources`' business; whether
it makes sense is `pipelines.validation`'s.

A ledger is a folder with one Parquet file a table. Only customers, invoices and payments are needed, and a
ledger of accounts and filings alone may hold no invoice at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from models.errors import LedgerError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

Kind = Literal["id", "text", "date", "cents", "eur", "number", "flag"]

DTYPES: dict[Kind, str] = {
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
        What it holds: an id, free text, a date, whole cents, euros, another number, or a flag. It fixes the
        stored type: see `DTYPES`.
    doc
        What it means, with its unit where the name does not carry one.
    nullable
        Whether a row may leave it empty. A flag is never empty: absent means false.
    choices
        The values allowed, where they are few; empty where any value is.
    """

    name: str
    kind: Kind
    doc: str
    nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its columns, the key that makes a row unique, and when a row becomes known.

    Parameters
    ----------
    key
        Columns that identify a row; importing a row with a known key replaces it.
    known_on
        The date column from which a row is known; empty where the row carries no date of its own.
    later
        Date columns that are known only once they are past: a cut-back empties them where they lie ahead.
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
            Where the table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise LedgerError(f"table {self.name} has no column {name!r}; it has {', '.join(self.column_names)}")


PROCEEDINGS = ("safeguard", "receivership", "liquidation")
PROCEEDING_ENDED = "proceeding_ended"
"""A judgment that ends a proceeding, other than for want of assets."""
FILING_KINDS = (*PROCEEDINGS, PROCEEDING_ENDED, "closure", "sale")
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
    ("receivables", "what customers owe it"),
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
        Column("country", "text", "ISO 3166 alpha-2 code", nullable=True),
        Column("postcode", "text", "of its seat, else of where it is billed", nullable=True),
        Column("town", "text", "the same", nullable=True),
        Column("naf", "text", "NAF code such as 43.21A", nullable=True),
        Column(
            "legal_form", "text", "INSEE legal category, four digits; 1000 is a sole trader", nullable=True
        ),
        Column("headcount", "number", "staff", nullable=True),
        Column("created_on", "date", "the company's creation", nullable=True),
        Column("natural_person", "flag", "the customer is a natural person"),
        Column("group_id", "id", "the group it belongs to", nullable=True),
        Column("entity_id", "id", "where no siren tells: what its legal entity goes by", nullable=True),
        Column("payment_terms_days", "number", "agreed terms, in days from the invoice", nullable=True),
        Column("credit_limit_eur", "eur", "the limit in force; 0 means prepayment", nullable=True),
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

FILINGS = Table(
    "filings",
    (
        Column("siren", "id", "the company", nullable=True),
        Column("customer_id", "id", "the customer, where the company has no siren", nullable=True),
        Column("kind", "text", "what was published", choices=FILING_KINDS),
        Column("judged_on", "date", "the judgment's or the event's date"),
        Column("published_on", "date", "from when it is known"),
        Column("source", "text", "where it was read", nullable=True),
        Column("withdrawn_on", "date", "from when it counts no more: annulled or corrected", nullable=True),
    ),
    ("siren", "customer_id", "kind", "judged_on", "withdrawn_on"),
    known_on="published_on",
    later=("withdrawn_on",),
)
"""An event stands in one row at most; one that was taken back and told again has a row for each time."""

ACCOUNTS = Table(
    "accounts",
    (
        Column("siren", "id", "the company", nullable=True),
        Column("customer_id", "id", "the customer, where the company has no siren", nullable=True),
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
        Column("source", "text", "where it was read", nullable=True),
    ),
    ("customer_id", "kind", "seen_on"),
    known_on="seen_on",
)

OUTSIDE_SCORES = Table(
    "outside_scores",
    (
        Column("siren", "id", "the company", nullable=True),
        Column("customer_id", "id", "the customer, where the company has no siren", nullable=True),
        Column("scale", "text", "whose scale: see `models.outside_scores`", choices=SCORE_SCALES),
        Column("score", "text", "as it was given, such as 71 or 3+"),
        Column("scored_on", "date", "from when it is known"),
        Column("source", "text", "where it was read", nullable=True),
    ),
    ("siren", "customer_id", "scale", "scored_on"),
    known_on="scored_on",
)
"""What others say of a company, on their own scales. No model reads it; people see it beside our own."""

_ALL = (CUSTOMERS, INVOICES, PAYMENTS, FILINGS, ACCOUNTS, INSURANCE, SIGNALS, OUTSIDE_SCORES)
TABLES: dict[str, Table] = {table.name: table for table in _ALL}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The canonical tables as frames that conform to `TABLES`, sorted by key."""

    customers: pd.DataFrame
    invoices: pd.DataFrame
    payments: pd.DataFrame
    filings: pd.DataFrame
    accounts: pd.DataFrame
    insurance: pd.DataFrame
    signals: pd.DataFrame
    outside_scores: pd.DataFrame = field(default_factory=lambda: empty(OUTSIDE_SCORES))

    def table(self, name: str) -> pd.DataFrame:
        """Return the frame of the table called `name`."""
        if name not in TABLES:
            raise LedgerError(f"no table {name!r}; a ledger holds {', '.join(TABLES)}")
        frame: pd.DataFrame = getattr(self, name)
        return frame


def empty(table: Table) -> pd.DataFrame:
    """Return a frame of `table` with its columns and types and no row."""
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame the table's columns, types and order; optional columns that lack are empty.

    Raises
    ------
    LedgerError
        A column that must be there is missing, a value cannot take the column's type, a required value is
        empty, or a key stands twice. All faults are in one message.
    """
    faults: list[str] = []
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        try:
            columns[column.name] = _typed(frame, column)
        except (LedgerError, ValueError, TypeError) as error:
            faults.append(f"{table.name}.{column.name}: {error}")
    if faults:
        raise LedgerError("; ".join(faults))
    typed = pd.DataFrame(columns).sort_values(list(table.key), ignore_index=True, kind="stable")
    twice = int(typed.duplicated(list(table.key)).sum())
    if twice:
        raise LedgerError(
            f"{table.name}: {twice} rows repeat a key ({', '.join(table.key)}); a key is unique"
        )
    return typed


def _typed(frame: pd.DataFrame, column: Column) -> pd.Series:
    if column.name not in frame:
        if not column.nullable and column.kind != "flag":
            raise LedgerError("the column is missing")
        blank = False if column.kind == "flag" else None
        series = pd.Series([blank] * len(frame), index=frame.index, dtype="object")
    else:
        series = frame[column.name]
    if column.kind == "flag":
        return series.astype("object").where(series.notna(), other=False).astype("bool")
    missing = int(series.isna().sum())
    if missing and not column.nullable:
        raise LedgerError(f"{missing} rows leave it empty; a value is needed")
    typed = series.astype(DTYPES[column.kind])  # type: ignore[call-overload]  # dtype by name
    if column.choices:
        strange = sorted(set(typed.dropna()) - set(column.choices))
        if strange:
            raise LedgerError(f"{strange[0]!r} is not one of {', '.join(column.choices)}")
    return typed  # type: ignore[no-any-return]  # dtype by name


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Ledger:
    """Make a ledger of frames by table name; tables that are absent are empty.

    Raises
    ------
    LedgerError
        A frame breaks its table's contract, or carries a name that is no table's.
    """
    unknown = sorted(set(frames) - set(TABLES))
    if unknown:
        raise LedgerError(f"no table {unknown[0]!r}; a ledger holds {', '.join(TABLES)}")
    return Ledger(
        **{name: conform(frames[name], t) if name in frames else empty(t) for name, t in TABLES.items()}
    )


def merge(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Append the rows of `new` to `old`, replacing those whose key is known; twice changes nothing."""
    if new.empty:
        return old
    both = pd.concat([old, new], ignore_index=True) if not old.empty else new
    return conform(both.drop_duplicates(list(table.key), keep="last"), table)


def as_known_on(ledger: Ledger, day: dt.date) -> Ledger:
    """Cut a ledger back to what was known at the end of `day`.

    Rows dated later go; a dispute's or a cover's end that lies ahead is emptied. Customers carry no dates of
    their own and stay.
    """
    limit = pd.Timestamp(day)
    cut: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        frame = ledger.table(name)
        if table.known_on:
            frame = frame[frame[table.known_on] <= limit].reset_index(drop=True)
            hidden = {c: frame[c].where(frame[c] <= limit) for c in table.later}
            frame = frame.assign(**hidden)
        cut[name] = frame
    return replace(ledger, **cut)


def last_event(ledger: Ledger) -> dt.date:
    """Return the last day on which a ledger saw anything happen; a cover's beginning may lie ahead.

    Raises
    ------
    LedgerError
        Nothing ever happened in it.
    """
    days = [
        ledger.table(name)[table.known_on].max()
        for name, table in TABLES.items()
        if table.known_on and table is not INSURANCE and len(ledger.table(name))
    ]
    if not days:
        raise LedgerError("the ledger holds no event at all; import invoices or accounts first")
    last: dt.date = max(days).date()
    return last
