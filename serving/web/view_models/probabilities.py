"""One probability as a page shows it: the value, how sure it is, and its reasons in percentage points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.learning.basis import OWN, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.explain.compared_words import Comparison
    from models.explain.reason_list import ReasonList
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """What a reason adds to a probability, in words, in percentage points and as a bar.

    Parameters
    ----------
    start, width
        Of the bar, in percent of its column: from the middle, to the right where it raises the risk.
    """

    text: str
    figure: str
    raises: bool
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """From the average customer to this one, reason by reason; the figures sum as they are written.

    Parameters
    ----------
    others
        What all other reasons add; None where they add nothing.
    """

    base: str
    rows: tuple[ReasonRow, ...]
    others: ReasonRow | None
    result: str


@dataclass(frozen=True, slots=True)
class ProbabilityView:
    """A probability with its interval and its reasons.

    Parameters
    ----------
    value, low, high
        In [0, 1]; the ends are those of the 90 % interval.
    sure
        How sure it is, in words.
    basis
        What it rests on where that is not yet the seller's own data, in words; else empty.
    reasons
        None where the model gave none.
    """

    title: str
    value: float
    low: float
    high: float
    confidence: str
    sure: str
    basis: str
    reasons: ReasonsView | None

    @property
    def basis_within(self) -> str:
        """What it rests on, as the end of a sentence."""
        return f"{self.basis[:1].lower()}{self.basis[1:]}"


def probability_view(
    document: Mapping[str, Any], w: Words, comparison: Comparison | None = None
) -> ProbabilityView:
    """Make the view of one probability of an assessment's document.

    Parameters
    ----------
    comparison
        What its reasons compare the customer with.
    """
    target = "default" if document["target"].startswith("default") else "late"
    return ProbabilityView(
        w(f"probability.{target}"),
        document["value"],
        document["low"],
        document["high"],
        document["confidence"],
        w(f"confidence.{document['confidence']}"),
        _basis(document.get("rests_on", OWN), w),
        _reasons(document, w, comparison) if document["reasons"] else None,
    )


def _reasons(document: Mapping[str, Any], w: Words, comparison: Comparison | None) -> ReasonsView:
    # They bring the features, and pandas with them.
    from models.explain.compared_words import Comparison  # noqa: PLC0415
    from models.explain.reason_list import reason_list  # noqa: PLC0415
    from models.explain.reasons import Reason  # noqa: PLC0415

    found = reason_list(
        document["value"],
        (document["base"], document["slope"], document["intercept"]),
        [Reason(**one) for one in document["reasons"]],
        document["target"],
        comparison or Comparison(),
    )
    most = max(abs(points) for points in (found.others, *(one.points for one in found.reasons)))
    rows = tuple(
        _row(w.either(one.sentence_fr, one.sentence_en), one.points, most, found, w) for one in found.reasons
    )
    others = _row(w("reasons.others"), found.others, most, found, w) if found.others else None
    return ReasonsView(
        w.share(found.base, found.decimals), rows, others, w.share(found.probability, found.decimals)
    )


def _row(text: str, points: float, most: float, found: ReasonList, w: Words) -> ReasonRow:
    width = round(50 * abs(points) / most, 1)
    figure = w("reasons.figure", points=w.number(points * 100, found.decimals, signed=True))
    return ReasonRow(text, figure, points > 0, 50.0 if points > 0 else 50.0 - width, width)


def _basis(rests_on: str, w: Words) -> str:
    """Say what a probability rests on; nothing where that is the seller's own data."""
    if rests_on == OWN:
        return ""
    text = w.either(*WORDS[rests_on])
    return f"{text[0].upper()}{text[1:]}."
