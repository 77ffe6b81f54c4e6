"""What leads from the model's starting point to one customer's probability, reason by reason.

Owns the steps and their picture. Contributions add up in log-odds; next to each sum is the probability
that the calibration makes of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import LETTER, WIDTH, Canvas, Picture, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serving.web.words import Words

MOST_STEPS = 8
_ROW, _TOP, _FIGURE = 34.0, 4.0, 64.0


@dataclass(frozen=True, slots=True)
class Contribution:
    """A reason's short name and what it adds, in log-odds."""

    label: str
    contribution: float


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One step of the way, from where to where, in log-odds."""

    label: str
    start: float
    end: float

    @property
    def contribution(self) -> float:
        """What the step adds."""
        return self.end - self.start


def steps(
    base: float, parts: Sequence[Contribution], others: str, most: int = MOST_STEPS
) -> tuple[WaterfallStep, ...]:
    """Return the way from the base to the margin, the weightiest reasons first.

    Parameters
    ----------
    others
        Name of the last step, which sums the reasons beyond the first `most`.

    Returns
    -------
    The first begins at `base`, each begins where the last one ended, and the last one ends at the sum of all.
    """
    ranked = sorted(parts, key=lambda part: -abs(part.contribution))
    shown, rest = ranked[:most], ranked[most:]
    if rest:
        shown = [*shown, Contribution(others, math.fsum(part.contribution for part in rest))]
    ends = [base + math.fsum(part.contribution for part in shown[: place + 1]) for place in range(len(shown))]
    return tuple(
        WaterfallStep(part.label, start, end)
        for part, start, end in zip(shown, [base, *ends], ends, strict=False)
    )


def waterfall(
    base: float, parts: Sequence[Contribution], probability: Callable[[float], float], title: str, w: Words
) -> Picture:
    """Draw the way from the base to the margin.

    Parameters
    ----------
    base
        The margin before any feature, in log-odds.
    probability
        Turns a margin into the calibrated probability.
    """
    way = steps(base, parts, w("waterfall.others"))
    margin = way[-1].end if way else base
    before, after = w.share(probability(base)), w.share(probability(margin))
    sentence = w("waterfall.sentence", title=title, before=before, after=after)
    canvas = Canvas("waterfall", _TOP + _ROW * (len(way) + 2), title, sentence)
    scale = _MarginScale.of([base, *(step.end for step in way)])
    _total(canvas, 0, w("waterfall.base"), before, scale.x(base))
    for place, step in enumerate(way, start=1):
        _step(canvas, place, step, scale, w)
    _total(canvas, len(way) + 1, w("waterfall.result"), after, scale.x(margin))
    rows = [
        (w("waterfall.base"), "", before),
        *(
            (one.label, w.number(one.contribution, 2, signed=True), w.share(probability(one.end)))
            for one in way
        ),
        (w("waterfall.result"), w.number(margin - base, 2, signed=True), after),
    ]
    return canvas.picture((w("waterfall.reason"), w("waterfall.adds"), w("waterfall.so_far")), rows)


@dataclass(frozen=True, slots=True)
class _MarginScale:
    """Horizontal position of a margin; figures are written right of it."""

    low: float
    high: float

    @classmethod
    def of(cls, margins: Sequence[float]) -> _MarginScale:
        low, high = min(margins), max(margins)
        return cls(low, high if high - low > 1e-9 else low + 1.0)

    def x(self, margin: float) -> float:
        share = (margin - self.low) / (self.high - self.low)
        return 4.0 + min(max(share, 0.0), 1.0) * (WIDTH - _FIGURE - 8.0)


def _step(canvas: Canvas, place: int, step: WaterfallStep, scale: _MarginScale, w: Words) -> None:
    top = _TOP + place * _ROW
    left, right = sorted((scale.x(step.start), scale.x(step.end)))
    sign = "raises" if step.contribution >= 0 else "lowers"
    figure = w.number(step.contribution, 2, signed=True)
    canvas.text(0, top + 11, cut(step.label, WIDTH - _FIGURE), "label")
    canvas.rect(left, top + 16, right - left, 10, sign)
    canvas.line(scale.x(step.end), top + 16, scale.x(step.end), top + 26 + _ROW - 10, "link")
    mark = "▲" if step.contribution >= 0 else "▼"
    canvas.text(WIDTH, top + 25, f"{figure} {mark}", f"figure {sign}-text", "end")


def _total(canvas: Canvas, place: int, label: str, figure: str, x: float) -> None:
    top = _TOP + place * _ROW
    canvas.text(0, top + 11, cut(label, WIDTH - len(figure) * LETTER), "label strong")
    canvas.line(0, top + 21, WIDTH - _FIGURE, top + 21, "axis")
    canvas.circle(x, top + 21, 4, "total")
    canvas.text(WIDTH, top + 25, figure, "figure strong", "end")
