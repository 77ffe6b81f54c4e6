"""Champion and challenger side by side: figures, curves, the gate's verdict, and what may be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serving.web.charts.model_curves import NamedCurves, reliability, roc, scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.drawing.canvas import Picture
    from serving.store import ModelEvaluation, Promotion
    from serving.usecases.model_changes import KnownVersions
    from serving.web.words import Words

FIGURES = ("auc", "ks", "log_loss", "brier", "calibration_error")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the gate."""

    label: str
    measured: str
    interval: str
    bar: str
    passed: bool


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One month of the test period: figures of each version, in the order of the columns."""

    month: str
    rows: str
    realised: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The versions of one target.

    Parameters
    ----------
    versions
        Names of the champion and, where there is one, of the challenger.
    choices
        Of challengers: version, name, and whether it is the one shown.
    figures
        A figure's name and its value for each of `versions`.
    same_cases
        Whether both were measured on the same cases; None without a challenger.
    outcome, compared
        The gate's verdict and what it rests on, in words; empty where nothing was judged.
    version
        Number of the version that may be promoted; None where there is none.
    request
        Who asked for it and waits for a second person; empty where nobody did.
    earlier
        Number of the version that a rollback puts in charge again.
    """

    target: str
    title: str
    versions: tuple[str, ...]
    choices: tuple[tuple[int, str, bool], ...]
    cases: str
    figures: tuple[tuple[str, tuple[str, ...]], ...]
    same_cases: bool | None
    charts: tuple[tuple[str, Picture], ...]
    periods: tuple[PeriodLine, ...]
    outcome: str
    passed: bool
    compared: str
    checks: tuple[CheckLine, ...]
    version: int | None
    request: str
    earlier: int | None
    evaluated_at: str


def comparison_view(known: KnownVersions, chosen: int | None, w: Words) -> ComparisonView:
    """Make the view of a target's versions.

    Parameters
    ----------
    chosen
        The challenger to show; the newest that is later than the champion if None.
    """
    champion = known.evaluation(known.champion)
    challenger = _challenger(known, chosen)
    shown, same_cases = _curves(known, champion, challenger, w)
    judged = challenger or champion
    verdict: Mapping[str, Any] = {} if judged is None else judged.document["verdict"]
    request = None if challenger is None else known.requests.get(challenger.version)
    outcome = verdict.get("outcome", "")
    return ComparisonView(
        target=known.target,
        title=w("probability.default" if known.target.startswith("default") else "probability.late"),
        versions=tuple(one.label for one in shown),
        choices=tuple((one.version, _name(one, w), one == challenger) for one in known.challengers),
        cases=w.number(shown[-1].curves["figures"]["rows"]) if shown else "",
        figures=_figures(shown, w),
        same_cases=same_cases,
        charts=_charts(shown, w),
        periods=_periods(shown, w),
        outcome=w(f"gate.{outcome.replace(' ', '_')}") if outcome else "",
        passed=outcome == "passed",
        compared=w.refusal(verdict["compared"]) if verdict else "",
        checks=tuple(_check(one, w) for one in verdict.get("checks", ())),
        version=None if challenger is None else challenger.version,
        request=_waiting(request, w),
        earlier=known.earlier,
        evaluated_at="" if judged is None else w.moment(judged.at),
    )


def _challenger(known: KnownVersions, chosen: int | None) -> ModelEvaluation | None:
    if chosen is not None:
        return next((one for one in known.challengers if one.version == chosen), None)
    return next((one for one in known.challengers if one.version > (known.champion or 0)), None)


def _curves(
    known: KnownVersions, champion: ModelEvaluation | None, challenger: ModelEvaluation | None, w: Words
) -> tuple[tuple[NamedCurves, ...], bool | None]:
    """Return the curves to draw, and whether both are of the same cases."""
    if challenger is None:
        own = None if champion is None else champion.document["own"]
        if champion is None or own is None:
            return (), None
        name = w("models.champion", version=champion.version)
        return (NamedCurves(name, "first", own),), None
    common = challenger.document["common"]
    is_same = common is not None and challenger.compared_with == known.champion
    first = common["champion"] if is_same else None if champion is None else champion.document["own"]
    second = common["challenger"] if is_same else challenger.document["own"]
    pairs = (
        (known.champion, "champion", "first", first),
        (challenger.version, "challenger", "second", second),
    )
    found = tuple(
        NamedCurves(w(f"models.{role}", version=version), name, curves)
        for version, role, name, curves in pairs
        if curves is not None
    )
    return found, is_same if len(found) > 1 else None


def _name(one: ModelEvaluation, w: Words) -> str:
    return w("models.numbered", version=one.version)


def _figures(shown: Sequence[NamedCurves], w: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    measured = [one.curves["figures"] for one in shown]
    return tuple(
        (w(f"models.{name}"), tuple(w.number(one[name], 3) for one in measured))
        for name in FIGURES
        if all(name in one for one in measured) and measured
    )


def _charts(shown: Sequence[NamedCurves], w: Words) -> tuple[tuple[str, Picture], ...]:
    """Return the curves, each with its title."""
    ranked = [one for one in shown if one.curves["roc"] is not None]
    return (
        *([(w("models.roc"), roc(ranked, w))] if ranked else []),
        *([(w("models.reliability"), reliability(shown, w))] if shown else []),
        *(
            (w("models.scores", version=one.label), scores(one, w))
            for one in shown
            if one.curves["scores"] is not None
        ),
    )


def _periods(shown: Sequence[NamedCurves], w: Words) -> tuple[PeriodLine, ...]:
    """Return the months that every version has, with the figures of each."""
    if not shown:
        return ()
    by_month = [{line["month"]: line for line in one.curves["periods"]} for one in shown]
    months = [month for month in by_month[-1] if all(month in lines for lines in by_month)]
    found = []
    for month in months:
        lines = [one[month] for one in by_month]
        cells = [
            text
            for line in lines
            for text in (
                w.share(line["predicted"]),
                w.number(line["auc"], 3),
                w.number(line["stability_index"], 3),
            )
        ]
        label = w.month(dt.date.fromisoformat(f"{month}-01"))
        rows, realised = w.number(lines[-1]["rows"]), w.share(lines[-1]["realised"])
        found.append(PeriodLine(label, rows, realised, tuple(cells)))
    return tuple(found)


def _check(one: Mapping[str, Any], w: Words) -> CheckLine:
    interval = ""
    if one["low"] is not None and one["high"] is not None:
        interval = w("models.interval", low=_figure(one["low"], w), high=_figure(one["high"], w))
    name = one["name"].lower().replace(" ", "_")
    bar = w.refusal(one["bar"]).removesuffix(".")
    return CheckLine(w(f"gate.{name}"), _figure(one["measured"], w), interval, bar, one["passed"])


def _figure(value: float | None, w: Words) -> str:
    return w.number(value, 0 if value is not None and abs(value) >= 100 else 4)


def _waiting(request: Promotion | None, w: Words) -> str:
    return "" if request is None else w("models.request", who=request.who, at=w.moment(request.at))
