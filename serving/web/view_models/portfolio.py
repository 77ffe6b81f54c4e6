"""The portfolio page: class mix, aged balance, migration, expected loss, exposures and their spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.grades import GRADES
from models.portfolio.aging import BANDS
from serving.usecases.limit_usage import LimitUsage, usage_of_exposure
from serving.web.charts.aged import aged
from serving.web.charts.bars import Bar, bars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.drawing.canvas import Picture
    from models.policy.overrides import InForce
    from serving.web.words import Words

_SHADES = 4


@dataclass(frozen=True, slots=True)
class MigrationCell:
    """How many customers went from one grade to another; `shade` from 0 to 4, by their part of the row."""

    count: int
    shade: int
    same: bool


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The migration matrix.

    Parameters
    ----------
    columns
        Grades after, and what is gone.
    rows
        Grades before, and what is new, each with its cells.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[MigrationCell, ...]], ...]
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class SpreadView:
    """How concentrated exposures are; `effective` is None where nothing is owed."""

    label: str
    count: int
    top_share: float
    top_count: int
    effective: float | None


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """The portfolio as the last published night has it.

    Parameters
    ----------
    document
        The published document, for values that are shown unchanged.
    matrix
        None after the first night.
    top
        The largest exposures, each with its customer's limit usage.
    """

    document: Mapping[str, Any]
    mix: Picture
    aged: Picture
    payers: Picture
    matrix: MatrixView | None
    spreads: tuple[SpreadView, ...]
    dso: tuple[tuple[str, str], ...]
    top: tuple[tuple[Mapping[str, Any], LimitUsage], ...]


def portfolio_view(document: Mapping[str, Any], w: Words, made: Mapping[str, InForce]) -> PortfolioView:
    """Make the view of a published portfolio.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    balance = document["aged_balance"]
    migrated = document.get("migration")
    return PortfolioView(
        document,
        _mix(document["class_mix"], w),
        aged({band: balance[f"{band}_eur"] for band in BANDS}, w),
        _payers(document["payer_mix"], w),
        None if migrated is None else _matrix(migrated, w),
        tuple(
            _spread(name, document["concentration"][name], w) for name in ("customers", "sectors", "groups")
        ),
        tuple((w(f"dso.{name}"), w.days(value)) for name, value in document["dso"].items()),
        tuple((line, usage_of_exposure(line, made)) for line in document["top_exposures"]),
    )


def _mix(lines: list[Mapping[str, Any]], w: Words) -> Picture:
    """Draw what each grade owes, with how many customers it has."""
    found = [
        Bar(
            w("portfolio.grade_line", grade=line["grade"], count=w.number(line["customers"])),
            max(line["open_eur"], 0.0),
            f"{w.eur(line['open_eur'])} · {w.share(line['open_share'], 0)}",
            f"fill-{line['grade'].lower()}",
        )
        for line in lines
    ]
    safe = sum(line["open_share"] for line in lines if line["grade"] in GRADES[:2])
    sentence = w("portfolio.mix_sentence", share=w.share(safe, 0))
    return bars(found, w("portfolio.mix"), sentence, (w("grade.title"), w("exposure.title")))


def _payers(counts: Mapping[str, int], w: Words) -> Picture:
    found = [Bar(w(f"payer.{code}"), float(count), w.number(count)) for code, count in counts.items()]
    sentence = w("portfolio.payers_sentence", count=w.number(sum(counts.values())))
    return bars(found, w("portfolio.payers"), sentence, (w("gauge.habit"), w("portfolio.customers")))


def _matrix(document: Mapping[str, Any], w: Words) -> MatrixView:
    counts: Mapping[str, Mapping[str, int]] = document["counts"]
    columns = tuple(next(iter(counts.values())))
    rows = tuple(
        (_named(before, w), tuple(_cell(row[after], sum(row.values()), after == before) for after in columns))
        for before, row in counts.items()
    )
    named = tuple(_named(one, w) for one in columns)
    return MatrixView(named, rows, document["better"], document["worse"])


def _cell(count: int, total: int, same: bool) -> MigrationCell:  # noqa: FBT001  # private
    shade = 0 if count == 0 else 1 + min(int(_SHADES * count / total), _SHADES - 1)
    return MigrationCell(count, shade, same)


def _named(grade: str, w: Words) -> str:
    return grade if grade in GRADES else w(f"portfolio.{grade}")


def _spread(name: str, document: Mapping[str, Any], w: Words) -> SpreadView:
    return SpreadView(
        w(f"portfolio.{name}"),
        document["count"],
        document["top_share"],
        len(document["top"]),
        document["effective_count"],
    )
