"""Choice of the booking date between the two dates of a line.

By law EcritureDate is the day of the entry and PieceDate that of the document. Some exporters write the
day on which documents were transferred to the accounts in one of the two:

- in PieceDate: it is then later than the entry's day, and does not date the document;
- in EcritureDate: few days then carry many documents, payments among them, each with an earlier PieceDate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.bookkeeping.lines import EntrySide, has

if TYPE_CHECKING:
    import pandas as pd
BATCH_RATIO = 2
"""Ratio of document days to booking days from which the booking days are those of transfers."""
MOST_LATER = 0.01
"""Largest share of documents dated after their entry for which PieceDate is still used."""
MOST_OF_INVOICES = 0.5
"""Share of payment lines dated as the invoice of their reference, from which PieceDate is the invoice's."""


def later_pieces(lines: pd.DataFrame) -> int:
    """Count the lines, opening balances aside, whose PieceDate is after their EcritureDate."""
    return int(((lines["piece_on"] > lines["booked_on"]) & ~has(lines, EntrySide.OPENING)).sum())


def is_transferred(lines: pd.DataFrame, exporter: str | None) -> bool:
    """Return whether EcritureDate is the day of transfer and PieceDate the effective day.

    Parameters
    ----------
    lines
        A file's lines on customers' accounts, (n_lines, .).
    exporter
        The program that wrote the file, where it is known: Dolibarr writes the real day of payments too in
        PieceDate, so that one payment dated before its entry is enough.
    """
    own = lines[~has(lines, EntrySide.OPENING) & lines["piece_on"].notna()]
    money = own[has(own, EntrySide.MONEY)]
    earlier = money["piece_on"] < money["booked_on"]
    if not earlier.any() or (own["piece_on"] > own["booked_on"]).mean() > MOST_LATER:
        return False
    if exporter == "Dolibarr":
        return True
    sold = own.loc[
        has(own, EntrySide.SALE) & ~has(own, EntrySide.MONEY), ["piece", "piece_on"]
    ].drop_duplicates()
    of_invoice = money.merge(sold, on=["piece", "piece_on"])
    if len(of_invoice) >= MOST_OF_INVOICES * len(money):
        return False
    one_day = own["booked_on"].min() == own["booked_on"].max() and own["piece_on"].nunique() >= BATCH_RATIO
    return one_day or money["piece_on"].nunique() >= BATCH_RATIO * money["booked_on"].nunique()


def by_piece(lines: pd.DataFrame) -> pd.Series:
    """Return each line's day where EcritureDate is the day of transfer: PieceDate where it is earlier."""
    taken = (lines["piece_on"] < lines["booked_on"]) & ~has(lines, EntrySide.OPENING)
    days: pd.Series = lines["booked_on"].where(~taken, lines["piece_on"])
    return days
