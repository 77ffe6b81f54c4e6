"""Figures of whole tables, and how they moved since the last run.

Owns what is measured: rows and the newest day by table, and the share of matches that were inferred. Where
the last run's figures are kept is `history`'s; which moves are a fault is said by the suites.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads these types
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from models.ledger.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from models.ledger.ledger import Ledger
    from pipelines.validation.rules import What

INFERRED, LETTER = "inferred", "letter"


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What a ledger measures.

    Parameters
    ----------
    rows
        Rows by table.
    newest
        The last day on which a row became known, by table; tables without one are absent.
    inferred
        The share in [0, 1] of the matched parts of payments whose match was inferred; None where the ledger
        does not say how payments were matched.
    """

    rows: dict[str, int]
    newest: dict[str, dt.date]
    inferred: float | None = None


class Measure(NamedTuple):
    """A figure to hold against bounds, None where it cannot be had, and what it was made of."""

    value: float | None
    words: str


NOTHING = Measure(None, "")


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The figures of a run beside those of the one before.

    Parameters
    ----------
    day
        The day the ledger is checked for.
    last, last_day
        The figures of the last sound run and its day; None at a first run.
    """

    day: dt.date
    now: LedgerFigures
    last: LedgerFigures | None = None
    last_day: dt.date | None = None

    def measure(self, table: str, what: What) -> Measure:
        """Measure a table.

        Returns
        -------
            `volume`: rows now by rows then. `newest`: days by which the newest row is newer than then. `age`:
            days from the newest row to the day of the check. `inferred`: the share of inferred matches.
            `inferred_rise`: that share less the share then.
        """
        now, newest = self.now, self.now.newest.get(table)
        if what == "age" and newest is not None:
            return Measure((self.day - newest).days, f"{newest} → {self.day}")
        if what == "inferred" and now.inferred is not None:
            return Measure(now.inferred, f"{now.inferred:.1%}")
        return NOTHING if self.last is None else self._move(self.last, table, what)

    def _move(self, last: LedgerFigures, table: str, what: What) -> Measure:
        """Measure against the last run."""
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


def figures_of(ledger: Ledger, notes: pd.DataFrame | None = None) -> LedgerFigures:
    """Measure a ledger.

    Parameters
    ----------
    notes
        How each payment was matched: columns `id` and `settled_by`, of `letter`, `inferred`, `on_account`;
        those of payments the ledger does not hold are passed over.
    """
    newest = {}
    for name, table in TABLES.items():
        frame = ledger.table(name)
        if table.known_on and len(frame):
            newest[name] = frame[table.known_on].max().date()
    rows = {name: len(ledger.table(name)) for name in TABLES}
    return LedgerFigures(rows, newest, None if notes is None else _inferred(ledger.payments, notes))


def _inferred(payments: pd.DataFrame, notes: pd.DataFrame) -> float | None:
    how = notes.loc[notes["id"].isin(payments["payment_id"]), "settled_by"]
    matched = how[how.isin([INFERRED, LETTER])]
    return float(matched.eq(INFERRED).mean()) if len(matched) else None
