"""A portfolio under a stress scenario as a page shows it: totals, lines, customers, reverse stress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.portfolio.reverse_stress import ReverseStress
    from models.portfolio.stress_summary import StressedCustomer, StressLine, StressSide
    from serving.usecases.stress import StressAnswer
    from serving.web.words import Words

MOST_NAMED = 10
_SUMS = (
    "open_eur",
    "own_risk_eur",
    "expected_loss_eur",
    "limits_eur",
    "above_limit",
    "above_limit_eur",
    "receipts_eur",
)


@dataclass(frozen=True, slots=True)
class StressedLine:
    """A grade, a sector or a customer before and after; `customer_id` is empty where it is none."""

    name: str
    cells: tuple[str, ...]
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class StressView:
    """What a scenario does.

    Parameters
    ----------
    sums
        Rows of a figure's name, before, after and the change.
    reverse
        Sentences on what loses the amount that was asked for; empty where none was.
    """

    title: str
    description: str
    source: str
    as_of: str
    failed: str
    sums: tuple[tuple[str, str, str, str], ...]
    grades: tuple[StressedLine, ...]
    sectors: tuple[StressedLine, ...]
    movers: tuple[StressedLine, ...]
    reverse_title: str
    reverse: tuple[str, ...]


def stress_view(found: StressAnswer, w: Words) -> StressView:
    """Make the view of an answer."""
    summary, scenario = found.summary, found.result.scenario
    failed = {
        "count": w.number(summary.failed),
        "eur": w.eur(summary.failure_loss_eur),
        "new": w.number(summary.new_breaches),
    }
    reverse = found.reverse
    return StressView(
        title=scenario.name.told(w.language),
        description="" if scenario.description is None else scenario.description.told(w.language),
        source="" if scenario.source is None else scenario.source.told(w.language),
        as_of=w.day(found.run.key.as_of),
        failed=w("stress.failed", **failed),
        sums=tuple(
            _sum(name, summary.before, summary.after, w)
            for name in _SUMS
            if getattr(summary.before, name) is not None
        ),
        grades=tuple(_line(line, w) for line in summary.grades),
        sectors=tuple(_line(line, w) for line in summary.sectors if line.before != line.after),
        movers=tuple(_mover(one, w) for one in summary.movers),
        reverse_title="" if reverse is None else _reverse_title(reverse, w),
        reverse=() if reverse is None else _reverse(reverse, w),
    )


def _sum(name: str, before: StressSide, after: StressSide, w: Words) -> tuple[str, str, str, str]:
    was, becomes = getattr(before, name), getattr(after, name)
    figure = w.number if isinstance(was, int) else w.eur
    return w(f"stress.{name}"), figure(was), figure(becomes), figure(becomes - was, signed=True)


def _line(line: StressLine, w: Words) -> StressedLine:
    before, after = line.before, line.after
    return StressedLine(
        w("stress.unknown") if line.name == "unknown" else line.name,
        (
            w.number(before.customers),
            w.number(after.customers),
            w.eur(before.expected_loss_eur),
            w.eur(after.expected_loss_eur),
        ),
    )


def _mover(one: StressedCustomer, w: Words) -> StressedLine:
    before, after = one.before, one.after
    cells = (
        _arrow(before.grade, after.grade),
        _arrow(w.share(before.pd_12m, 1), w.share(after.pd_12m, 1)),
        _arrow(w.eur(before.limit_eur), w.eur(after.limit_eur)),
        _arrow(w.eur(before.expected_loss_eur), w.eur(after.expected_loss_eur)),
    )
    return StressedLine(one.name or one.customer_id, cells, one.customer_id)


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _reverse_title(found: ReverseStress, w: Words) -> str:
    return w(
        "stress.reverse_title",
        eur=w.eur(found.amount_eur),
        now=w.eur(found.expected_loss_eur),
        most=w.eur(found.most_eur),
    )


def _reverse(found: ReverseStress, w: Words) -> tuple[str, ...]:
    if found.expected_loss_eur >= found.amount_eur:
        return (w("stress.already"),)
    factor, times, failures, sector = found.factor, found.multiplier, found.failures, found.sector
    none = w("stress.no_such", eur=w.eur(found.amount_eur))
    return (
        none
        if factor is None
        else w(
            "stress.by_factor",
            deviations=w.number(factor.deviations, 2),
            quantile=w.share(factor.quantile, 3),
        ),
        none if times is None else w("stress.by_multiplier", times=w.number(times.multiplier, 2)),
        none
        if failures is None
        else w(
            "stress.by_failures",
            count=w.number(len(failures.customer_ids)),
            names=", ".join(failures.customer_ids[:MOST_NAMED])
            + (" …" if len(failures.customer_ids) > MOST_NAMED else ""),
            eur=w.eur(failures.expected_loss_eur),
        ),
        none
        if sector is None
        else w("stress.by_sector", sector=sector.sector, eur=w.eur(sector.expected_loss_eur)),
    )
