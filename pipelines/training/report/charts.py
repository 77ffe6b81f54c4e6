"""Charts of the report: curves, calibration by decile, months, dependence.

Each takes the document of findings and a speaker, and returns SVG. Colours come from the page's classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.training.report.axes import Axis, Frame, widened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from pipelines.training.report.wording import ReportTexts

DOT = 3.0
SMALL = (300, 230)
"""Width and height of charts that are shown three in a row."""


def roc_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw the ROC curve, with the scorecard's; None where it could not be measured."""
    if document["roc"] is None:
        return None
    frame = _unit_square(speaker, "rank.false", "rank.true")
    marks = [_diagonal(frame, 1.0)]
    if document["scorecard_roc"] is not None:
        marks.append(_line(frame, document["scorecard_roc"], "second"))
    marks.append(_line(frame, document["roc"], "first"))
    return frame.draw(marks, f"{speaker.say('rank.roc')}: AUC {speaker.number(_auc(document))}")


def precision_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup | None:
    """Draw precision over recall; None where it could not be measured."""
    if document["precision_recall"] is None:
        return None
    frame = _unit_square(speaker, "rank.recall", "rank.precision")
    return frame.draw([_line(frame, document["precision_recall"], "first")], speaker.say("rank.pr"))


def tenths_chart(document: Mapping[str, Any], speaker: ReportTexts) -> Markup:
    """Draw predicted against realised share of each decile, with its interval."""
    tenths = document["tenths"]
    top = widened([value for one in tenths for value in (one["predicted"], one["high"])])[1]
    write = _shares(speaker, top)
    frame = Frame(
        Axis(0.0, top, speaker.say("calibration.predicted_axis"), write),
        Axis(0.0, top, speaker.say("calibration.realised_axis"), write),
    )
    marks = [_diagonal(frame, top)]
    for one in tenths:
        (x, low), (_, high) = (frame.at(one["predicted"], one[end]) for end in ("low", "high"))
        marks.append(f'<line class="whisker" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>')
        marks.append(_dot(frame, one["predicted"], one["realised"], "out" if one["outside"] else "first"))
    return frame.draw(marks, speaker.say("calibration.tenths"))


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
    frame = Frame(
        Axis(start - 0.5, end + 0.5, speaker.say("data.month"), lambda at: speaker.date(_named_month(at))),
        Axis(0.0, top, speaker.say("data.bad_share"), _shares(speaker, top)),
    )
    points = {"x": [_month(one["month"]) for one in months], "y": [one["bad_share"] for one in months]}
    marks = []
    for day in period_ends[:-1]:
        (x, low), (_, high) = (frame.at(_month(day[:7]) + int(day[8:]) / 31 - 0.5, y) for y in (0.0, top))
        marks.append(f'<line class="whisker" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>')
    marks.append(_line(frame, points, "first"))
    marks += [_dot(frame, x, y, "first") for x, y in zip(points["x"], points["y"], strict=True)]
    return frame.draw(marks, speaker.say("data.months"))


def dependence_charts(document: Mapping[str, Any], speaker: ReportTexts) -> Iterator[tuple[str, Markup]]:
    """Draw the contributions of each of the strongest features by value, with the feature's label."""
    for one in document["reasons"]["dependence"]:
        if not one["values"]:
            continue
        label, unit = speaker.feature(one["name"]), document["features"][one["name"]]["unit"]
        low, high = np.quantile(one["values"], [0.01, 0.99]).tolist()
        added = widened(one["added"])
        frame = Frame(
            Axis(*widened([low, high]), "", _written(speaker, unit, high - low)),
            Axis(*added, speaker.say("reasons.added"), _written(speaker, "", added[1] - added[0])),
            *SMALL,
        )
        dots = [_dot(frame, x, y, "faint", 2.0) for x, y in zip(one["values"], one["added"], strict=True)]
        yield label, frame.draw(dots, f"{speaker.say('reasons.added')}: {label}")


def _unit_square(speaker: ReportTexts, x: str, y: str) -> Frame:
    def write(value: float) -> str:
        return speaker.percent(value, 0)

    return Frame(Axis(0.0, 1.0, speaker.say(x), write), Axis(0.0, 1.0, speaker.say(y), write))


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


def _line(frame: Frame, points: Mapping[str, Sequence[float]], kind: str) -> str:
    placed = (frame.at(x, y) for x, y in zip(points["x"], points["y"], strict=True))
    return f'<polyline class="{kind}" points="{" ".join(f"{x},{y}" for x, y in placed)}"/>'


def _dot(frame: Frame, x: float, y: float, kind: str, size: float = DOT) -> str:
    across, up = frame.at(x, y)
    return f'<circle class="{kind}" cx="{across}" cy="{up}" r="{size}"/>'


def _diagonal(frame: Frame, top: float) -> str:
    return _line(frame, {"x": (0.0, top), "y": (0.0, top)}, "diagonal")


def _month(name: str) -> float:
    """Return a month `YYYY-MM` as months since year 0."""
    year, month = name.split("-")
    return int(year) * 12.0 + int(month) - 1


def _named_month(number: float) -> str:
    """Return a month's name `YYYY-MM`."""
    return f"{int(number) // 12}-{int(number) % 12 + 1:02d}"
