"""Result of an import of FEC files, in figures that an accountant can check against the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.sources.bookkeeping.building import (
    ADJUSTED,
    ASSIGNED,
    BILL,
    CLOSING,
    IN_LEDGER,
    JOINED,
    MOVED,
    OLD,
    PROVISION,
    REFUSED,
    TAKEN,
    ZERO,
)
from pipelines.sources.fec.encoding import UTF8

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from pipelines.sources.bookkeeping.building import BookkeepingTables
    from pipelines.sources.fec.entries import Unbalanced
    from pipelines.sources.fec.identity import Doubt
    from pipelines.sources.fec.reading import FecFile, Recognised

TWICE = "twice"
FATES = (TAKEN, MOVED, ASSIGNED, ADJUSTED, JOINED, OLD, BILL, ZERO, CLOSING, TWICE, REFUSED, PROVISION)
ACCEPTABLE_SHARE = 0.01
"""Share of refused lines from which the exit code reports it."""


@dataclass(frozen=True, slots=True)
class LineTotals:
    """Number of lines, and cents on both sides."""

    lines: int
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An unreadable due date: its file, line and text."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class FileSummary:
    """Fates of one file's lines.

    Parameters
    ----------
    siren, closes_on
        The seller, None if the file's name lacks it, and the last day of the year.
    n_lines, n_others, n_blank, n_refused
        Lines below the header; those on other accounts, blank ones, and those in quarantine.
    debit, credit
        Cents on 411, 413 and 416 as the file has them.
    fates
        Fates of the lines on customer accounts and provisions; provisions are outside the totals.
    encodings
        Lines with accents by encoding.
    recognised
        The exporter, and the dates and columns that were used.
    """

    name: str
    siren: str | None
    closes_on: dt.date
    n_lines: int
    n_others: int
    n_blank: int
    n_refused: int
    debit: int
    credit: int
    fates: Mapping[str, LineTotals]
    unbalanced: tuple[Unbalanced, ...]
    encodings: Mapping[str, int]
    quarantine: Path | None
    recognised: Recognised

    @property
    def mixed(self) -> bool:
        """Whether the file mixes lines in UTF-8 with lines in a single-byte encoding."""
        return UTF8 in self.encodings and len(self.encodings) > 1

    @property
    def gap_debit(self) -> int:
        """Cents of the file's debit on 411, 413 and 416 without a fate; 0 if all is accounted for."""
        return self.debit - sum(one.debit for fate, one in self.fates.items() if fate != PROVISION)

    @property
    def gap_credit(self) -> int:
        """Cents of the file's credit on 411, 413 and 416 without a fate; 0 if all is accounted for."""
        return self.credit - sum(one.credit for fate, one in self.fates.items() if fate != PROVISION)

    @property
    def gap_lines(self) -> int:
        """Lines of the file without a fate; 0 if all are accounted for."""
        told = sum(one.lines for one in self.fates.values())
        return self.n_lines - self.n_others - self.n_blank - told


@dataclass(frozen=True, slots=True)
class FecSummary:
    """Result of an import; except for `files`, figures cover all FEC years of the ledger.

    Parameters
    ----------
    settled
        Parts of payments and their cents by matching method: letter, inferred, on_account.
    due_from
        Invoices by where their due date is from: column, label, retention, customer, default.
    unreadable_due
        Invoices whose column or label resembles a due date but has none.
    opening
        Open items from before the first year.
    opening_gaps
        Customers whose opening balance differs from the previous close, and the sum of differences in cents.
    old
        Items set apart as old and unmatched, and their sum in cents.
    without_opening
        Files that carry nothing forward although the previous year is available.
    open_cents, balance_cents
        Open amount of the ledger, and the balance of accounts 411, 413 and 416 without set-apart and refused
        lines; equal if all is accounted for.
    renumbered
        The new number of each renumbered customer, by the old: the history follows the new one.
    doubts
        Warnings about the files, and their deletions from others.
    """

    files: tuple[FileSummary, ...]
    years: int
    customers: int
    by_account: int
    invoices: LineTotals
    credit_notes: int
    payments: int
    settled: Mapping[str, tuple[int, int]]
    due_from: Mapping[str, int]
    unreadable_due: tuple[Unreadable, ...]
    signals: Mapping[str, int]
    unnamed_provisions: int
    opening: int
    opening_gaps: tuple[int, int]
    old: tuple[int, int]
    old_file: Path | None
    without_opening: tuple[str, ...]
    open_cents: int
    balance_cents: int
    renumbered: Mapping[str, str]
    doubts: tuple[Doubt, ...] = ()

    @property
    def exit_code(self) -> int:
        """Exit code: 0 if under 1 % of the lines were refused, else 3."""
        refused = sum(one.n_refused for one in self.files)
        return 3 if refused and refused >= ACCEPTABLE_SHARE * sum(one.n_lines for one in self.files) else 0


def file_summary(file: FecFile, fates: pd.DataFrame, quarantine: Path | None) -> FileSummary:
    """Count the fates of a file's lines.

    Parameters
    ----------
    fates
        The file's lines on customer accounts with `fate`, duplicates in another file included.
    """
    sums = {
        fate: LineTotals(len(part), int(part["debit"].sum()), int(part["credit"].sum()))
        for fate, part in fates.groupby("fate")
    }
    at_reading = len({fault.line for fault in file.faults})
    nameless = sums.get(REFUSED, LineTotals(0, 0, 0))
    kept = file.lines[~file.lines["account"].str.startswith("491")]
    lost_debit, lost_credit = file.debit - int(kept["debit"].sum()), file.credit - int(kept["credit"].sum())
    sums[REFUSED] = LineTotals(
        nameless.lines + at_reading, nameless.debit + lost_debit, nameless.credit + lost_credit
    )
    return FileSummary(
        name=file.path.name,
        siren=file.siren,
        closes_on=file.closes_on,
        n_lines=file.n_lines,
        n_others=file.n_others,
        n_blank=file.n_blank,
        n_refused=sums[REFUSED].lines,
        debit=file.debit,
        credit=file.credit,
        fates={fate: sums[fate] for fate in FATES if fate in sums and sums[fate].lines},
        unbalanced=file.unbalanced,
        encodings=file.encodings,
        quarantine=quarantine,
        recognised=file.recognised,
    )


def whole_summary(
    files: tuple[FileSummary, ...],
    built: BookkeepingTables,
    years: int,
    old_file: Path | None,
    doubts: tuple[Doubt, ...] = (),
) -> FecSummary:
    """Summarise the tables."""
    invoices, payments, notes = built.tables["invoices"], built.tables["payments"], built.notes
    is_note = invoices["kind"].eq("credit_note")
    parts = payments["amount_cents"].groupby(notes.loc[notes["table"] == "payments", "settled_by"].to_numpy())
    settled = {str(how): (len(cents), int(cents.clip(lower=0).sum())) for how, cents in parts}
    bills = notes[(notes["table"] == "invoices") & notes["due_from"].ne("")]
    taken = built.fates[built.fates["fate"].isin(IN_LEDGER)]
    gaps = built.carried.gaps["cents"]
    issued = invoices["amount_cents"].where(~is_note, -invoices["amount_cents"])
    return FecSummary(
        files=files,
        years=years,
        customers=len(built.tables["customers"]),
        by_account=built.by_account,
        invoices=LineTotals(int((~is_note).sum()), int(invoices.loc[~is_note, "amount_cents"].sum()), 0),
        credit_notes=int(is_note.sum()),
        payments=int(notes.loc[notes["table"].eq("payments"), ["file", "line"]].drop_duplicates().shape[0]),
        settled=settled,
        due_from={str(name): int(count) for name, count in bills["due_from"].value_counts().items()},
        unreadable_due=tuple(
            Unreadable(str(file), int(line), str(text))
            for file, line, text in zip(
                built.unreadable["file"], built.unreadable["line"], _due_texts(built.unreadable), strict=True
            )
        ),
        signals={str(k): int(n) for k, n in built.tables["signals"]["kind"].value_counts().items()},
        unnamed_provisions=built.unnamed_provisions,
        opening=int((notes["table"].eq("invoices") & notes["opening"].astype("bool")).sum()),
        opening_gaps=(len(gaps), int(gaps.sum())),
        old=(
            len(built.old),
            int(built.old["cents"].where(built.old["kind"] != "payment", -built.old["cents"]).sum()),
        ),
        old_file=old_file,
        without_opening=built.carried.without_opening,
        open_cents=int(issued.sum()) - int(payments["amount_cents"].sum()),
        balance_cents=int(taken["cents"].sum()) + int(gaps.sum()),
        renumbered=built.renumbered,
        doubts=doubts,
    )


def _due_texts(unreadable: pd.DataFrame) -> pd.Series:
    """Return the original text: the date column, else the label."""
    told = unreadable["told_on"].dt.strftime("%Y-%m-%d")
    texts: pd.Series = told.where(unreadable["told_on"].notna(), unreadable["label"])
    return texts
