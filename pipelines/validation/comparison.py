"""Figures of whole tables, and their change since the last run.

Owns the measures: rows and newest day by table, and the share of inferred matches. `history` stores the last
run's figures; the suites define which changes are faults.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads these types
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from models.ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.ledger.ledger import Ledger
    from pipelines.validation.rules import What

INFERRED, LETTER = "inferred", "letter"


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """Figures of a ledger.

    Parameters
    ----------
    rows
        Rows by table.
    newest
        The last day on which a row became known, by table; tables without one are absent.
    inferred
        The share in [0, 1] of matched payment parts whose match was inferred; None where the ledger has no
        record of the matching.
    """

    rows: dict[str, int]
    newest: dict[str, dt.date]
    inferred: float | None = None


class Measure(NamedTuple):
    """A figure to compare with bounds, None if unavailable, and its description."""

    value: float | None
    words: str


NOTHING = Measure(None, "")


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The figures of a run and of the one before.

    Parameters
    ----------
    day
        The day of the check.
    last, last_day
        The figures of the last accepted run and its day; None in a first run.
    """

    day: dt.date
    now: LedgerFigures
    last: LedgerFigures | None = None
    last_day: dt.date | None = None

    def measure(self, table: str, what: What) -> Measure:
        """Compute a measure of a table.

        Returns
        -------
            `volume`: rows now over rows then. `newest`: days by which the newest row is newer than then.
            `age`: days from the newest row to the day of the check. `inferred`: the share of inferred
            matches. `inferred_rise`: that share less the share then.
        """
        now, newest = self.now, self.now.newest.get(table)
        if what == "age" and newest is not None:
            return Measure((self.day - newest).days, f"{newest} → {self.day}")
        if what == "inferred" and now.inferred is not None:
            return Measure(now.inferred, f"{now.inferred:.1%}")
        return NOTHING if self.last is None else self._move(self.last, table, what)

    def _move(self, last: LedgerFigures, table: str, what: What) -> Measure:
        """Compute a measure relative to the last run."""
        before, rows = last.rows.get(table, 0), self.now.rows.get(table, 0)
        old, new = last.newest.get(table), self.now.newest.get(table)
        was, is_ = last.inferred, self.now.inferred
        if what == "volume" and before:
            return Measure(rows / before, self._moved(f"{before:,}", f"{rows:,}"))
        if what == "newest" and old is not None and new is not None:
            return Measure((new - old).days, self._moved(f"{old}", f"{new}"))
        if what == "inferred_rise" and was is not None and is_ is not None:
            return Measure(is_ - was, self._moved(f"{was:.1%}", f"{is_:.1%}"))
        return NOTHING

    def _moved(self, before: str, now: str) -> str:
        return f"{before} ({self.last_day}) → {now}"


def summed(parts: Sequence[LedgerFigures]) -> LedgerFigures:
    """Add up the figures of the parts of a ledger; the share of inferred matches is left out."""
    rows = {name: sum(part.rows[name] for part in parts) for name in TABLES}
    known = {name: [part.newest[name] for part in parts if name in part.newest] for name in TABLES}
    return LedgerFigures(rows, {name: max(days) for name, days in known.items() if days})


def figures_of(ledger: Ledger, notes: pd.DataFrame | None = None) -> LedgerFigures:
    """Compute the figures of a ledger.

    Parameters
    ----------
    notes
        Matching of each payment: columns `id` and `settled_by`, of `letter`, `inferred`, `on_account`;
        payments that the ledger does not contain are ignored.
    """
    newest = {}
    for name, table in TABLES.items():
        frame = ledger.table(name)
        if table.known_on and len(frame):
            newest[name] = frame[table.known_on].max().date()
    rows = {name: len(ledger.table(name)) for name in TABLES}
    share = None if notes is None else inferred_share(ledger.payments["payment_id"], notes)
    return LedgerFigures(rows, newest, share)


def inferred_share(payment_ids: pd.Series, notes: pd.DataFrame) -> float | None:
    """Return the share of matched payments whose match was inferred, None where none was matched."""
    how = notes.loc[notes["id"].isin(payment_ids), "settled_by"]
    matched = how[how.isin([INFERRED, LETTER])]
    return float(matched.eq(INFERRED).mean()) if len(matched) else None
