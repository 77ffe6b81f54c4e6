"""The migration page: a matrix with its intervals, default rates, and the vintages of past quarters.

Owns how a probability is written and shaded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from models.portfolio.grade_paths import DEFAULT
from models.portfolio.vintages import AGES
from serving.web.charts.vintages import VintageCurve, vintage_curves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.drawing.canvas import Picture
    from serving.usecases.grade_migration import GradeMigration
    from serving.web.words import Words

Method = Literal["duration", "cohort"]
HORIZONS = (1, 3, 6, 12, 24)
_SHADES = 4
_SEEN = 0.0005
"""A share below it is written as 0."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One probability with its interval; `shade` from 0 to 4."""

    share: str
    interval: str
    shade: int
    same: bool


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """Where the customers of one grade go."""

    grade: str
    observed: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class MigrationView:
    """The page.

    Parameters
    ----------
    document
        Of `models.portfolio.migration_report.MigrationReport.document`; None where no night keeps grades.
    matrix
        Of the chosen method; empty where it is not known.
    explained
        What the matrix rests on, in one sentence.
    """

    as_of: dt.date
    document: Mapping[str, Any] | None
    method: Method
    horizon: int
    columns: tuple[str, ...]
    matrix: tuple[MatrixLine, ...]
    explained: str
    unpaid: Picture | None
    late: Picture | None
    horizons: tuple[int, ...] = HORIZONS


def migration_view(found: GradeMigration, method: Method, horizon: int, w: Words) -> MigrationView:
    """Make the view of a migration for a method and a horizon in months."""
    document = found.document()["migration"]
    part = None if document is None else document[method]
    rows = {} if part is None else part["rows"]
    return MigrationView(
        found.run.key.as_of,
        document,
        method,
        horizon,
        tuple(w("migration.default") if state == DEFAULT else state for state in rows),
        tuple(_line(state, row, method, w) for state, row in rows.items() if state != DEFAULT),
        "" if part is None else _explained(part, method, w),
        _curves("unpaid", found.vintages, w),
        _curves("late", found.vintages, w),
    )


def _line(state: str, row: Mapping[str, Any], method: Method, w: Words) -> MatrixLine:
    cells = tuple(_cell(cell, w, same=to == state) for to, cell in row["to"].items())
    return MatrixLine(state, w.number(row["observed"], 1 if method == "duration" else 0), cells)


def _cell(cell: Mapping[str, Any], w: Words, *, same: bool) -> MatrixCell:
    share = cell["share"]
    if share is None:
        return MatrixCell("–", "", 0, same)
    shade = 0 if share < _SEEN else 1 + min(int(_SHADES * share), _SHADES - 1)
    between = w("migration.between", low=w.share(cell["low"], 1), high=w.share(cell["high"], 1))
    return MatrixCell(w.share(share, 1), between, shade, same)


def _explained(part: Mapping[str, Any], method: Method, w: Words) -> str:
    if method == "duration":
        return w("migration.duration_how")
    count = w.number(len(part["periods"]))
    return w("migration.cohort_how", count=count, months=w.number(part["period_months"]))


def _curves(name: str, vintages: Sequence[Mapping[str, Any]], w: Words) -> Picture | None:
    """Draw the curves of unpaid or of late amounts; None where no quarter has an age of a month."""
    curves = [
        VintageCurve(_quarter(one["quarter"], w), tuple(one[f"{name}_shares"]))
        for one in vintages
        if len(one[f"{name}_shares"]) > 1
    ]
    if not curves:
        return None
    title, last = w(f"migration.{name}"), curves[-1]
    age = len(last.shares) - 1
    figures = {"quarter": last.label, "months": w.number(age), "share": w.share(last.shares[-1], 1)}
    before = [w.share(one.shares[age], 1) for one in curves[:-1] if len(one.shares) > age][-1:]
    known = w("migration.curve_before", share=before[0]) if before else ""
    return vintage_curves(curves, AGES, title, w(f"migration.{name}_curve", **figures) + known, w)


def _quarter(first_day: str, w: Words) -> str:
    first = dt.date.fromisoformat(first_day)
    return w("finance.quarter_name", number=(first.month + 2) // 3, year=first.year)
