"""Charts of the report: curves, scores, calibration by decile, months, contributions.

Each takes the document of findings and a speaker, and returns SVG, or None where nothing was measured.
Colours come from the page's classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.drawing.canvas import Canvas, cut
from models.drawing.plot import Axis, Plot, ticks, widened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from models.arrays import Floats, Ints
    from pipelines.training.report.wording import ReportTexts

SMALL = (300.0, 230.0)
"""Width and height of charts that are shown three in a row."""
DEPENDENCE = 6
"""Number of features whose dependence is drawn."""
SWARM_WIDTH, SWARM_ROW, SWARM_LABEL = 640.0, 42.0, 16.0
"""Width of the summary of contributions, height of a feature's row, and the part of it above the dots."""
SWARM_ENDS = (24.0, SWARM_WIDTH - 24.0)
SWARM_COLUMNS, SWARM_STEP = 90, 2.0
"""Number of columns in which dots are stacked, and the distance of two in one."""
TONES = 5
"""Number of colours from a feature's low values to its high ones."""


def roc_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw the ROC curve, with the scorecard's."""
    if document["roc"] is None:
        return None
    auc = speaker.number(_auc(document))
    plot = _unit_square(speaker, "rank.false", "rank.true", f"{speaker.say('rank.roc')}: AUC {auc}")
    plot.diagonal()
    if document["scorecard_roc"] is not None:
        plot.line(document["scorecard_roc"]["x"], document["scorecard_roc"]["y"], "second")
    plot.line(document["roc"]["x"], document["roc"]["y"], "first")
    return plot.svg()


def precision_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw precision over recall."""
    if document["precision_recall"] is None:
        return None
    plot = _unit_square(speaker, "rank.recall", "rank.precision", speaker.say("rank.pr"))
    plot.line(document["precision_recall"]["x"], document["precision_recall"]["y"], "first")
    return plot.svg()


def scores_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw the distribution of probabilities of good and of bad rows."""
    found = document.get("scores")
    if found is None:
        return None
    most = widened([*found["good"], *found["bad"]], from_zero=True)[1]
    plot = Plot(
        Axis(0.0, found["edges"][-1], speaker.say("rank.probability"), _shares(speaker, found["edges"][-1])),
        Axis(0.0, most, speaker.say("rank.share_of_rows"), _shares(speaker, most)),
        speaker.say("rank.scores"),
    )
    edges = np.repeat(found["edges"], 2)[1:-1].tolist()
    for outcome, name in (("good", "first"), ("bad", "second")):
        plot.line(edges, np.repeat(found[outcome], 2).tolist(), name)
    return plot.svg()


def tenths_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup:
    """Draw predicted against realised share of each decile, with its interval."""
    tenths = document["tenths"]
    top = widened([value for one in tenths for value in (one["predicted"], one["high"])])[1]
    write = _shares(speaker, top)
    plot = Plot(
        Axis(0.0, top, speaker.say("calibration.predicted_axis"), write),
        Axis(0.0, top, speaker.say("calibration.realised_axis"), write),
        speaker.say("calibration.tenths"),
    )
    plot.diagonal()
    for one in tenths:
        plot.whisker(one["predicted"], one["low"], one["high"])
        plot.dots([one["predicted"]], [one["realised"]], "out" if one["outside"] else "first")
    return plot.svg()


def months_chart(document: Mapping[str, Any], period_ends: Sequence[str], speaker: ReportTexts) -> Markup:
    """Draw the bad share by month, with lines at the ends of periods.

    Parameters
    ----------
    period_ends
        Days, `YYYY-MM-DD`.
    """
    months = document["population"]["months"]
    start, end = (_month(months[place]["month"]) for place in (0, -1))
    top = widened([one["bad_share"] for one in months], from_zero=True)[1]
    plot = Plot(
        Axis(start - 0.5, end + 0.5, speaker.say("data.month"), lambda at: speaker.date(_named_month(at))),
        Axis(0.0, top, speaker.say("data.bad_share"), _shares(speaker, top)),
        speaker.say("data.months"),
    )
    for day in period_ends[:-1]:
        plot.whisker(_month(day[:7]) + int(day[8:]) / 31 - 0.5, 0.0, top)
    points = [_month(one["month"]) for one in months], [one["bad_share"] for one in months]
    plot.line(*points, "first")
    plot.dots(*points, "first")
    return plot.svg()


def contributions_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw every contribution of the strongest features as a dot, its colour by the feature's value.

    Dots that would cover one another are stacked, as in a SHAP summary (Lundberg et al. 2020).
    """
    rows = [one for one in document["reasons"]["dependence"] if one["added"]]
    if not rows:
        return None
    write = _written(speaker, "", 1.0)
    axis = Axis(*widened([value for one in rows for value in one["added"]]), "", write)
    height = SWARM_ROW * len(rows) + 40.0
    canvas = Canvas("swarm", height, speaker.say("reasons.summary_alt"), width=SWARM_WIDTH)
    for tick in ticks(axis.low, axis.high):
        x = axis.place(tick, *SWARM_ENDS)
        canvas.line(x, 0, x, height - 36, "axis" if tick == 0 else "grid")
        canvas.text(x, height - 22, write(tick), anchor="middle")
    canvas.text(SWARM_WIDTH / 2, height - 5, speaker.say("reasons.added"), anchor="middle")
    for place, one in enumerate(rows):
        y = SWARM_ROW * place + (SWARM_ROW + SWARM_LABEL) / 2
        canvas.text(0, y - (SWARM_ROW - SWARM_LABEL) / 2 - 3, cut(speaker.feature(one["name"]), SWARM_WIDTH))
        added = np.array(one["added"])
        for value, lift, tone in zip(added, _stacked(added, axis), _tones(one["values"]), strict=True):
            canvas.circle(axis.place(value, *SWARM_ENDS), y + lift, 1.8, f"tone-{tone}")
    return canvas.svg()


def dependence_charts(document: Mapping[str, Any], speaker: ReportTexts) -> Iterator[tuple[str, Markup]]:
    """Draw the contributions of each of the strongest features by value, with the feature's label."""
    for one in document["reasons"]["dependence"][:DEPENDENCE]:
        known = [(x, y) for x, y in zip(one["values"], one["added"], strict=True) if x is not None]
        if not known:
            continue
        values, contributions = zip(*known, strict=True)
        label, unit = speaker.feature(one["name"]), document["features"][one["name"]]["unit"]
        low, high = np.quantile(values, [0.01, 0.99]).tolist()
        added = widened(contributions)
        title = speaker.say("reasons.added")
        plot = Plot(
            Axis(*widened([low, high]), "", _written(speaker, unit, high - low)),
            Axis(*added, title, _written(speaker, "", added[1] - added[0])),
            f"{title}: {label}",
            *SMALL,
        )
        plot.dots(values, contributions, "faint", 2.0)
        yield label, plot.svg()


def _stacked(added: Floats, axis: Axis) -> Floats:
    """Return the vertical shift of each dot: those of one column alternate above and below the middle."""
    column = np.round((added - axis.low) / (axis.high - axis.low) * SWARM_COLUMNS).astype(int)
    order = np.argsort(column, kind="stable")
    ranked = column[order]
    rank = np.empty(len(added), dtype=int)
    rank[order] = np.arange(len(added)) - np.searchsorted(ranked, ranked)
    lift = (rank + 1) // 2 * SWARM_STEP * np.where(rank % 2, 1.0, -1.0)
    most = (SWARM_ROW - SWARM_LABEL) / 2 - 2
    return np.clip(lift, -most, most)


def _tones(values: Sequence[float | None]) -> list[int | str]:
    """Return each value's colour by its rank among the known ones, from 0; `unknown` for a missing value."""
    known = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    ranks: Ints = np.searchsorted(np.sort(known[~np.isnan(known)]), known)
    share = ranks / max(int((~np.isnan(known)).sum()), 1)
    tones = np.minimum((share * TONES).astype(int), TONES - 1).tolist()
    return ["unknown" if missing else tone for missing, tone in zip(np.isnan(known), tones, strict=True)]


def _unit_square(speaker: ReportTexts, x: str, y: str, title: str) -> Plot:
    def write(value: float) -> str:
        return speaker.percent(value, 0)

    return Plot(Axis(0.0, 1.0, speaker.say(x), write), Axis(0.0, 1.0, speaker.say(y), write), title)


def _shares(speaker: ReportTexts, top: float) -> Any:  # noqa: ANN401  # a way of writing, typed by its use
    digits = 0 if top > 0.05 else 1
    return lambda value: speaker.percent(value, digits)


def _written(speaker: ReportTexts, unit: str, span: float) -> Any:  # noqa: ANN401  # a way of writing, typed by its use
    """Return the format of a feature's ticks, with enough decimals to distinguish them."""
    if unit == "share":
        return lambda value: speaker.percent(value, 0 if span > 0.05 else 1)
    return lambda value: speaker.number(value, 0 if span > 5 else 1 if span > 0.5 else 2)


def _auc(document: Mapping[str, Any]) -> float | None:
    found = document["discrimination"]
    return None if found is None else found["auc"]["value"]


def _month(name: str) -> float:
    """Return a month `YYYY-MM` as months since year 0."""
    year, month = name.split("-")
    return int(year) * 12.0 + int(month) - 1


def _named_month(number: float) -> str:
    """Return a month's name `YYYY-MM`."""
    return f"{int(number) // 12}-{int(number) % 12 + 1:02d}"
