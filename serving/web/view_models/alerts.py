"""What changed since the night before: a line a customer, with why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.store.published_rows import AlertRow
    from serving.web.words import Words

_FIGURES = ("grade", "pd_12m", "p_late30", "limit_eur", "open_eur")


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """One figure before and after, and the parts that data, model and policy have in its change."""

    label: str
    before: str
    after: str
    data: str
    model: str
    policy: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """What changed about one customer.

    Parameters
    ----------
    severity
        high, medium or low: a class for the stylesheet; its words are shown next to it.
    parts
        The figures that moved; empty where none that is compared did.
    because
        What happened since the night before; empty in a night of an earlier version.
    """

    customer_id: str
    name: str
    severity: str
    severity_words: str
    cause: str
    sentence: str
    open_eur: float
    parts: tuple[ExplainedChange, ...]
    because: str


def alert_view(row: AlertRow, w: Words) -> AlertView:
    """Make the view of an alert."""
    return AlertView(
        row.customer_id,
        row.name or row.customer_id,
        row.severity,
        w(f"severity.{row.severity}"),
        w(f"cause.{row.cause}"),
        w.either(row.sentence_fr, row.sentence_en),
        row.open_eur,
        tuple(_part(name, row, w) for name in _FIGURES if _moved(name, row)),
        w.either(row.because_fr, row.because_en),
    )


def _moved(name: str, row: AlertRow) -> bool:
    """Tell whether a figure changed; a probability of what has happened is none."""
    before, after = row.before.get(name), row.after.get(name)
    return before != after and not (name == "pd_12m" and None in (before, after))


def _part(name: str, row: AlertRow, w: Words) -> ExplainedChange:
    effects: Mapping[str, float] = row.effects.get(name, {})
    return ExplainedChange(
        w(f"figure.{name}"),
        _figure(name, row.before.get(name), w),
        _figure(name, row.after.get(name), w),
        *(_effect(name, effects.get(cause), w) for cause in ("data", "model", "policy")),
    )


def _figure(name: str, value: object, w: Words) -> str:
    if not isinstance(value, int | float):
        return w("word.unknown") if value is None else str(value)
    return w.eur(value) if name.endswith("_eur") else w.share(value)


def _effect(name: str, value: float | None, w: Words) -> str:
    """Write a part of a change; a grade's counts in notches, above 0 where it fell."""
    if value is None:
        return w("word.unknown")
    if name == "grade":
        return w.number(value, signed=True)
    return w.eur(value, signed=True) if name.endswith("_eur") else w.share(value, signed=True)
