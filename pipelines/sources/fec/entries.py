"""Entries assembled from their lines: which balance, and the counterparts of a customer's line.

An entry is identified by its number within its journal. Some programs restart the numbers every month, others
number every line: of three ways to separate entries, the one with the fewest unbalanced entries is used.

An opening balance is recognised by its structure, never by a journal's name alone. It has no income or
expense account (classes 6 and 7), and one of these holds:

- it is booked on the first day of the year, in a usual journal of openings (AN, RAN, "À-nouveaux"…), or
  against equity (accounts 10, 11, 12), or in a journal of nothing but such entries, equity among them;
- it is booked on another day against equity, in a usual journal;
- it is in a usual journal that has nothing but balance-sheet accounts, all on one day;
- it is booked against account 890 (*bilan d'ouverture*, PCG).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources.bookkeeping.lines import EntrySide

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


PREFIXES: dict[EntrySide, str] = {
    EntrySide.CUSTOMER: r"^411",
    EntrySide.DOUBTFUL: r"^416",
    EntrySide.SALE: r"^(4457|7[0-47-9]|75[0-579]|76[0-479])",
    EntrySide.MONEY: r"^5",
    EntrySide.LOSS: r"^(654|6714)",
    EntrySide.PROVISION: r"^491",
    EntrySide.BILL: r"^413",
    EntrySide.CHARGE: r"^6",
    EntrySide.OPENING: r"^890",
    EntrySide.CLOSING: r"^891",
    EntrySide.DIFFERENCE: r"^(627|65[68]|66[568]|75[68]|76[568]|47[67])",
    EntrySide.EXCHANGE: r"^(656|666|756|766|47[67])",
}
_FACTOR = r"^467"
_NO_FACTOR = (
    r"(?i)stripe|paypal|payplug|sumup|gocardless|mollie|adyen|alma|payzen|systempay|worldline|carte|\bcb\b"
    r"|\btpe\b|notaire|avocat|huissier|commissaire"
)
"""Account names under 467 of payment services and collecting agents, whose money is the customer's."""
_OPENING_CODE = r"^(R?ANX?|ANO|ANV|AN\d{1,4}|RAN.{0,2}|OUV.{0,6}|A.?NOUV.*|REPORT)$"
_OPENING_NAME = (
    r"(^|\W)(reports?\W+)?[aàÀ]\W*nouveaux?(\W|$)|(^|\W)(d.)?ouverture|soldes? initia|balance initiale"
)
_RESULT = r"^[67]"
_EQUITY = r"^1[0-2]"


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """An entry whose debits and credits differ: its journal, number, first line, and debits less credits."""

    journal: str
    entry: str
    line: int
    gap_cents: int


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a file.

    Parameters
    ----------
    codes
        Entry of each line, (n_lines,).
    sides
        Kinds of accounts in the entry of each line, as `EntrySide` flags, (n_lines,).
    unbalanced
        Those that do not balance, in the order of the file.
    """

    codes: Ints
    sides: Ints
    unbalanced: tuple[Unbalanced, ...]


def put_together(table: pa.Table, closes_on: dt.date | None = None) -> Entries:
    """Assign all lines of a file to entries.

    Parameters
    ----------
    closes_on
        The last day of the financial year, where it is known: a year of twelve months then begins on the day
        after its anniversary. The first day that is booked counts as a first day too.
    """
    net = table["debit"].to_numpy() - table["credit"].to_numpy()
    ways = [_codes(table, names) for names in (
        ("JournalCode", "EcritureNum", "booked_on"), ("JournalCode", "EcritureNum"),
        ("JournalCode", "booked_on", "PieceRef"))]  # fmt: skip
    gaps = [np.bincount(codes, weights=net).astype(np.int64) for codes in ways]
    best = int(np.argmin([np.count_nonzero(gap) / max(len(gap), 1) for gap in gaps]))
    codes, gap = ways[best], gaps[best]
    return Entries(codes, _sides(table, codes, closes_on), _unbalanced(table, codes, gap))


def _codes(table: pa.Table, names: tuple[str, ...]) -> Ints:
    """Number the distinct combinations of columns, (n_lines,)."""
    codes = np.zeros(table.num_rows, dtype=np.int64)
    for name in names:
        # Joined column by column, so that a number stays small: pairs of codes are numbered again.
        found = pd.factorize(_numbers(table[name]) + codes * (table.num_rows + 1))[0]
        codes = found.astype(np.int64)
    return codes


def _numbers(column: pa.ChunkedArray) -> Ints:
    whole = column.combine_chunks()
    made: Ints
    if pa.types.is_string(whole.type):
        made = whole.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    else:
        made = pd.factorize(whole.cast(pa.int32()).to_numpy())[0].astype(np.int64)
    return made


def _sides(table: pa.Table, codes: Ints, closes_on: dt.date | None) -> Ints:
    accounts = table["CompteNum"].combine_chunks().dictionary_encode()
    used = accounts.indices.to_numpy(zero_copy_only=False)
    held = np.zeros(int(codes.max()) + 1 if len(codes) else 0, dtype=np.int64)

    def on(pattern: str) -> Flags:
        found = pc.match_substring_regex(accounts.dictionary, pattern).to_numpy(zero_copy_only=False)
        lines: Flags = found[used]
        return lines

    for side, pattern in PREFIXES.items():
        held[codes[on(pattern)]] |= int(side)
    held[codes[on(_FACTOR) & ~_collectors(table)]] |= int(EntrySide.FACTOR)
    opens = _openings(table, codes, on(_RESULT), on(_EQUITY), closes_on)
    held[codes[opens]] |= int(EntrySide.OPENING)
    return held[codes]


def _collectors(table: pa.Table) -> Flags:
    """Mark lines on accounts named like payment services or collecting agents, (n_lines,)."""
    if "CompteLib" not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.bool_)
    named = pc.match_substring_regex(table["CompteLib"].combine_chunks(), _NO_FACTOR)
    return np.asarray(named.fill_null(fill_value=False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _openings(table: pa.Table, codes: Ints, result: Flags, equity: Flags, closes_on: dt.date | None) -> Flags:
    """Mark lines of opening balances by the structure of their entries, (n_lines,)."""
    days = table["booked_on"].combine_chunks().to_numpy(zero_copy_only=False).astype("datetime64[D]")
    if not len(days):
        return np.zeros(0, dtype=np.bool_)
    first = days == days.min()
    if closes_on is not None:
        first |= days == np.datetime64(_begins_on(closes_on))
    usual = _usual_journal(table)
    journal = _numbers(table["JournalCode"])
    of_result = _any(codes, result)
    against_equity = _any(codes, equity)
    plain = ~_any(journal, result)
    openings_alone = plain & ~_any(journal, ~first) & _any(journal, equity)
    day = pd.factorize(days)[0]
    one_day = plain & (pd.Series(day).groupby(journal).transform("nunique").to_numpy() == 1)
    found: Flags = ~of_result & (
        (first & (usual | against_equity | openings_alone)) | (usual & against_equity) | (usual & one_day)
    )
    return found


def _any(group: Ints, lines: Flags) -> Flags:
    """Mark lines whose group contains a marked line, (n_lines,)."""
    held = np.zeros(int(group.max()) + 1, dtype=np.bool_)
    held[group[lines]] = True
    return held[group]


def _begins_on(closes_on: dt.date) -> dt.date:
    """Return the first day of a twelve-month year that closes on a day."""
    after = closes_on + dt.timedelta(days=1)
    return after.replace(year=after.year - 1, day=min(after.day, 28) if after.month == 2 else after.day)


def _usual_journal(table: pa.Table) -> Flags:
    """Mark lines of journals with the usual code or name of opening balances, (n_lines,)."""
    found = np.zeros(table.num_rows, dtype=np.bool_)
    for name, pattern in (("JournalCode", _OPENING_CODE), ("JournalLib", _OPENING_NAME)):
        if name in table.column_names:
            texts = table[name].combine_chunks().dictionary_encode()
            match = pc.match_substring_regex(texts.dictionary, pattern, ignore_case=True)
            found |= match.to_numpy(zero_copy_only=False)[texts.indices.to_numpy(zero_copy_only=False)]
    return found


def _unbalanced(table: pa.Table, codes: Ints, gap: Ints) -> tuple[Unbalanced, ...]:
    bad = np.flatnonzero(gap)
    if not len(bad):
        return ()
    first = np.full(len(gap), table.num_rows, dtype=np.int64)
    np.minimum.at(first, codes, np.arange(table.num_rows))
    return tuple(
        Unbalanced(
            table["JournalCode"][at].as_py(),
            table["EcritureNum"][at].as_py(),
            table["line"][at].as_py(),
            int(gap[code]),
        )
        for at, code in sorted((int(first[code]), int(code)) for code in bad.tolist())
    )
