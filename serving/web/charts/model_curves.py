"""Curves of two versions of a model: ROC, reliability, and the distribution of probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.drawing.canvas import Picture
from models.drawing.plot import Axis, Plot, widened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serving.web.words import Words

SIZE = (360.0, 280.0)


@dataclass(frozen=True, slots=True)
class NamedCurves:
    """The curves of one version.

    Parameters
    ----------
    label
        What the version is called.
    name
        A class for the stylesheet: `first` or `second`.
    curves
        Of `pipelines.training.evaluation.curves`.
    """

    label: str
    name: str
    curves: Mapping[str, Any]


def roc(found: Sequence[NamedCurves], w: Words) -> Picture:
    """Draw the share of bad outcomes found over the share of good ones refused, of each version."""
    title = w("models.roc")
    plot = _plot((0.0, 1.0), (0.0, 1.0), (w("models.false"), w("models.found")), title, w)
    plot.diagonal()
    rows = []
    for one in found:
        points = one.curves["roc"] or []
        plot.line([x for x, _ in points], [y for _, y in points], one.name)
        rows += [(one.label, w.share(x), w.share(y)) for x, y in points[:: max(len(points) // 10, 1)]]
    head = (w("models.version"), w("models.false"), w("models.found"))
    return Picture(plot.svg(), w("models.roc_says"), head, tuple(rows))


def reliability(found: Sequence[NamedCurves], w: Words) -> Picture:
    """Draw the realised share over the predicted one, tenth by tenth, of each version."""
    title = w("models.reliability")
    tenths = [tenth for one in found for tenth in one.curves["reliability"]]
    top = min(widened([value for one in tenths for value in (one["predicted"], one["high"])])[1], 1.0)
    plot = _plot((0.0, top), (0.0, top), (w("models.predicted"), w("models.realised")), title, w)
    plot.diagonal()
    rows = []
    for one in found:
        points = [(tenth["predicted"], tenth["realised"]) for tenth in one.curves["reliability"]]
        plot.line([x for x, _ in points], [y for _, y in points], one.name)
        plot.dots([x for x, _ in points], [y for _, y in points], one.name)
        rows += [(one.label, w.share(x), w.share(y)) for x, y in points]
    head = (w("models.version"), w("models.predicted"), w("models.realised"))
    return Picture(plot.svg(), w("models.reliability_says"), head, tuple(rows))


def scores(one: NamedCurves, w: Words) -> Picture:
    """Draw the distribution of a version's probabilities, of good and of bad outcomes."""
    title = w("models.scores", version=one.label)
    drawn = one.curves["scores"]
    edges, good, bad = drawn["edges"], drawn["good"], drawn["bad"]
    most = widened([*good, *bad], from_zero=True)[1]
    plot = _plot(
        (0.0, edges[-1]), (0.0, most), (w("models.probability"), w("models.share_of_cases")), title, w
    )
    across = np.repeat(edges, 2)[1:-1].tolist()
    plot.line(across, np.repeat(good, 2).tolist(), "good-cases")
    plot.line(across, np.repeat(bad, 2).tolist(), "bad-cases")
    head = (w("models.probability"), w("models.good_cases"), w("models.bad_cases"))
    rows = [
        (f"{w.share(low)}–{w.share(high)}", w.share(well), w.share(badly))
        for low, high, well, badly in zip(edges[:-1], edges[1:], good, bad, strict=True)
    ]
    return Picture(plot.svg(), w("models.scores_says"), head, tuple(rows))


def _plot(
    across: tuple[float, float], up: tuple[float, float], titles: tuple[str, str], title: str, w: Words
) -> Plot:
    axes = [
        Axis(low, high, name, _shares(high, w))
        for (low, high), name in zip((across, up), titles, strict=True)
    ]
    return Plot(axes[0], axes[1], title, *SIZE)


def _shares(top: float, w: Words) -> Callable[[float], str]:
    decimals = 0 if top > 0.05 else 1
    return lambda value: w.share(value, decimals)
